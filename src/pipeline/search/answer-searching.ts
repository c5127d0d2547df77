import type { ChatChunk } from '../../chat/chat.ts';
import { Fold } from '../../chat/fold.ts';
import { GatewayError } from '../../errors.ts';
import type { Resolution } from '../../models/resolve.ts';
import { writeEvent } from '../../stream/sse-writer.ts';
import type { ChatParts } from '../answer-chat.ts';
import type { Caller } from '../attempts.ts';
import type { ChatAnswer, ChatCall } from '../call.ts';
import { readRequest } from '../prepare.ts';
import { SearchPlan } from './search-plan.ts';
import { SearchRounds } from './search-rounds.ts';
import type { SearchingCall, SearchWish } from './wish.ts';

/** One call of a model, with all its attempts. */
export type AnswerOnce = (call: ChatCall & Caller, resolution: Resolution, parts: ChatParts) => Promise<ChatAnswer>;

/**
 * A call that asks for a search. A surface that searches by itself is asked to; elsewhere the model gets functions for it,
 * and while it calls them they are run here and it is asked again, so that the client sees one answer. Each round is a
 * call of its own to the pool.
 */
export async function answerSearching(
  { call, wish }: SearchingCall,
  resolution: Resolution,
  parts: ChatParts,
  once: AnswerOnce,
): Promise<ChatAnswer> {
  const plan = new SearchPlan(wish, parts.search);
  const able = ableOnly(wish, resolution, parts);
  const first = await once({ ...call, search: plan }, able, parts).catch((thrown: unknown) => {
    if (!plan.givesUp(GatewayError.from(thrown))) throw thrown;
    return once({ ...call, asked: readRequest(call.body), search: plan }, able, parts);
  });
  if (plan.tools === undefined) return { ...first, notes: [...plan.notes, ...first.notes] };
  const rounds = new SearchRounds({ call, plan, resolution: able, parts, once }, first);
  const { outcome } = rounds;
  const notes = [...plan.notes, ...first.notes];
  if (call.asked.stream) return { ...first, notes, outcome, events: events(rounds, first) };
  const whole = await folded(rounds, parts.answerLimit);
  return { ...first, notes, outcome, waitedMs: rounds.waitedMs, whole };
}

/** Whoever may serve it: a demand goes to surfaces that can search. Throws search_unavailable where there is none. */
export function ableOnly(
  { demanded }: SearchWish,
  resolution: Resolution,
  parts: Pick<ChatParts, 'search' | 'surface'>,
): Resolution {
  if (!demanded || !parts.search.enabled) return resolution;
  const targets = resolution.targets.filter(({ surface }) => parts.surface(surface).adapter.search !== undefined);
  if (targets.length > 0) return { ...resolution, targets };
  const surfaces = resolution.targets.map(({ surface }) => surface).join(', ');
  throw new GatewayError('search_unavailable', {
    message: `${surfaces} cannot search the web, and nobody else serves ${resolution.asked.slice(0, 100)}.`,
    param: 'web_search_options',
    hint: 'Ask for a model of the platform, of Kimi Code or of the web chat; or set `web_search: itself` for a surface that does it.',
  });
}

/** A reader that leaves before the first step still closes the answer that has begun. */
function events(rounds: SearchRounds, first: ChatAnswer): AsyncIterable<Buffer> {
  let steps: AsyncGenerator<readonly ChatChunk[]> | undefined;
  return {
    [Symbol.asyncIterator]: () => ({
      async next(): Promise<IteratorResult<Buffer>> {
        steps ??= rounds.run();
        const step = await steps.next();
        const news = Buffer.concat(rounds.news().map(toComment));
        if (step.done) return { done: true, value: undefined };
        return { done: false, value: Buffer.concat([news, toRun(step.value)]) };
      },
      async return(): Promise<IteratorResult<Buffer>> {
        if (steps) await steps.return(undefined);
        else if ('events' in first) await first.events[Symbol.asyncIterator]().return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}

/** The header went out long ago; a comment is skipped by every client, and read by people. */
const toComment = (note: string) => Buffer.from(`: ${note.replace(/[\r\n]+/g, ' ')}\n\n`);

const toRun = (chunks: readonly ChatChunk[]) => Buffer.concat(chunks.map(writeEvent));

async function folded(rounds: SearchRounds, limit: number): Promise<Buffer> {
  const fold = new Fold();
  for await (const chunks of rounds.run()) for (const chunk of chunks) fold.add(chunk);
  const whole = Buffer.from(JSON.stringify(fold.completion()));
  if (whole.length > limit) throw new GatewayError('upstream_too_long');
  return whole;
}
