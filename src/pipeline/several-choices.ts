import { addUsage } from '../chat/add-usage.ts';
import type { ChatChunk, ChatCompletion, Usage } from '../chat/chat.ts';
import { givesOneChoice } from '../dialect/sizes/choices.ts';
import { GatewayError } from '../errors.ts';
import type { Resolution } from '../models/resolve.ts';
import { toAbortSignal } from '../signal.ts';
import { merge } from '../stream/merge.ts';
import { splitEvents } from '../stream/sse-reader.ts';
import { writeEvent } from '../stream/sse-writer.ts';
import { type ChatAnswer, type ChatCall, Outcome } from './call.ts';
import { type Asked, readRequest } from './prepare.ts';

/**
 * How many calls the request needs: as many as choices are asked for where the model gives one per call. Throws
 * invalid_request beyond `limit`.
 */
export function callsNeeded(asked: Asked, resolution: Resolution, limit: number): number {
  if (!asked.document.has('n')) return 1;
  const n = asked.document.get('n');
  const isOne = givesOneChoice(resolution.targets[0]?.facts, asked.document.get('temperature'));
  if (!isOne || typeof n !== 'number' || !Number.isInteger(n) || n < 2) return 1;
  checkChoices(n, limit);
  return n;
}

/** Throws invalid_request beyond `limit`. */
export function checkChoices(n: number, limit: number): void {
  if (n <= limit) return;
  throw new GatewayError('invalid_request', {
    message: `n is ${n}, and this gateway delivers at most ${limit} choices (limits.choices): each is a call of its own.`,
    param: 'n',
  });
}

/** If one of them fails the others are of no use. */
export async function together<C extends ChatCall>(
  call: C,
  bodies: readonly Buffer[],
  answer: (call: C) => Promise<ChatAnswer>,
): Promise<ChatAnswer> {
  const failed = new AbortController();
  const signal = AbortSignal.any([toAbortSignal(call.signal), failed.signal]);
  const answering = bodies.map((body) => answer({ ...call, body, asked: readRequest(body), signal }));
  try {
    return mergeAnswers(await Promise.all(answering), call.asked.includeUsage);
  } catch (thrown) {
    failed.abort();
    for (const answer of answering) answer.then(abandon, () => {});
    throw thrown;
  }
}

function abandon(answer: ChatAnswer): void {
  if ('events' in answer) void answer.events[Symbol.asyncIterator]().return?.();
}

/** Puts the answers of several calls together; `includeUsage`: the client asked for a usage chunk. */
function mergeAnswers(answers: readonly ChatAnswer[], includeUsage: boolean): ChatAnswer {
  const [first] = answers;
  if (!first) throw new GatewayError('internal');
  const outcome = new Outcome();
  const served = {
    ...first,
    fallbacks: answers.flatMap(({ fallbacks }) => fallbacks),
    waitedMs: Math.max(...answers.map(({ waitedMs }) => waitedMs)),
    outcome,
  };
  const done = () => {
    outcome.usage = addUsage(told(answers.map((answer) => answer.outcome.usage)));
    outcome.finishReason = first.outcome.finishReason;
  };
  if (!('events' in first)) {
    const whole = mergeWhole(answers.flatMap((answer) => ('whole' in answer ? [answer.whole] : [])));
    done();
    return { ...served, whole };
  }
  const streams = answers.flatMap((answer) => ('events' in answer ? [answer.events] : []));
  return { ...served, events: mergeStreams(streams, includeUsage, done) };
}

const told = (usages: readonly (Usage | null | undefined)[]) =>
  usages.filter((usage) => usage !== null && usage !== undefined);

function mergeWhole(bodies: readonly Buffer[]): Buffer {
  const completions = bodies.map((body) => JSON.parse(body.toString()) as ChatCompletion);
  const choices = completions.flatMap((completion, index) =>
    (completion.choices ?? []).slice(0, 1).map((choice) => ({ ...choice, index })),
  );
  const usage = addUsage(told(completions.map((completion) => completion.usage)));
  return Buffer.from(JSON.stringify({ ...completions[0], choices, usage }));
}

/** What all chunks of an answer share. */
function headOf({ id, created, model }: ChatChunk): Partial<ChatChunk> {
  return Object.fromEntries(Object.entries({ id, created, model }).filter(([, value]) => value !== undefined));
}

/** Every chunk under the id of the first stream and with the index of its own; the usage of all in one last chunk. */
async function* mergeStreams(
  streams: readonly AsyncIterable<Buffer>[],
  includeUsage: boolean,
  done: () => void,
): AsyncGenerator<Buffer> {
  const usages: Usage[] = [];
  let head: Partial<ChatChunk> | undefined;
  for await (const [index, run] of merge(streams)) {
    const out: Buffer[] = [];
    for (const { data } of splitEvents(run)) {
      if (data === undefined) continue;
      const chunk = JSON.parse(data) as ChatChunk;
      head ??= headOf(chunk);
      if (chunk.usage) usages.push(chunk.usage);
      if (chunk.choices?.length === 0) continue;
      out.push(writeEvent({ ...chunk, ...head, choices: chunk.choices?.map((choice) => ({ ...choice, index })) }));
    }
    if (out.length > 0) yield Buffer.concat(out);
  }
  done();
  if (includeUsage && usages.length > 0) {
    yield writeEvent({ ...head, object: 'chat.completion.chunk', choices: [], usage: addUsage(usages) });
  }
}
