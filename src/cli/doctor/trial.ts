import type { ChatChunk, ChatCompletion } from '../../chat/chat.ts';
import { Fold } from '../../chat/fold.ts';
import type { Credential } from '../../credential.ts';
import { factsOf } from '../../models/facts.ts';
import { collect } from '../../stream/byte-source.ts';
import { SseReader, splitEvents } from '../../stream/sse-reader.ts';
import { explainInStream } from '../../upstreams/explain-refusal.ts';
import type { Surface } from '../../upstreams/surface.ts';
import { Failure } from '../command.ts';
import type { Bilingual } from '../language.ts';
import { type Finding, skipped } from './doctor-check.ts';
import type { Examination } from './examination.ts';
import { explainFailure } from './explain-failure.ts';
import { leftToGateway } from './left-to-gateway.ts';

/** Room for an answer, and for what a model thinks before it. */
export const TRIAL_TOKENS = 1_024;
const LIMIT = 1024 * 1024;

/** A surface that is asked, with the first of its credentials that works. */
export interface Subject {
  readonly surface: Surface;
  readonly credential: Credential;
  /** The id that goes up. */
  readonly model: string;
}

/** Runs a trial on every surface that can be reached, the surfaces side by side. */
export async function onEachSurface(
  examination: Examination,
  trial: (subject: Subject, examination: Examination) => Promise<Finding>,
): Promise<readonly Finding[]> {
  const places = await examination.places();
  const trials = await Promise.all(
    places.map(async ({ surface, credentials }): Promise<Finding> => {
      const credential = credentials.find(({ id }) => !examination.refused.has(id)) ?? credentials[0];
      if (credential === undefined) return skipped({ en: 'no credential', zh: '没有凭据' }, { about: surface.id });
      const model = await trialModel(surface, credential, examination);
      const about = `${surface.id} ${model ?? ''}`.trim();
      if (model === undefined) {
        return skipped({ en: 'no model is known: --model', zh: '不知道可用的模型：--model' }, { about });
      }
      try {
        return { about, ...(await trial({ surface, credential, model }, examination)) };
      } catch (thrown) {
        return explainFailure(thrown, about);
      }
    }),
  );
  return [...trials, ...(await leftToGateway(examination))];
}

/** What the user asks about where the surface has it, else the cheapest of its list; its own id for it. */
async function trialModel(
  surface: Surface,
  credential: Credential,
  examination: Examination,
): Promise<string | undefined> {
  const { options, config } = examination;
  const wanted = options.model ?? config.models.default;
  const own = surface.models ?? {};
  if (wanted !== undefined && Object.hasOwn(own, wanted)) return own[wanted];
  const [first] = Object.values(own);
  if (first !== undefined) return first;
  const list = await examination.models(surface, credential).catch(() => []);
  const ids = list.map(({ id }) => id);
  if (wanted !== undefined && ids.includes(wanted)) return wanted;
  return ids.toSorted((one, other) => costOf(one) - costOf(other))[0] ?? DEFAULTS[surface.kind];
}

/** Where the list cannot be read. */
const DEFAULTS: Readonly<Record<Surface['kind'], string | undefined>> = {
  platform: 'kimi-k2.6',
  coding: 'kimi-for-coding',
  web: 'k2',
  compatible: undefined,
};

/** Those whose price nobody knows come last; the subscription’s have none, and the moving alias is in every plan. */
function costOf(id: string): number {
  if (id === DEFAULTS.coding || id === DEFAULTS.web) return 0;
  const facts = factsOf(id);
  const price = facts?.prices[0]?.output ?? Number.POSITIVE_INFINITY;
  // Of two that cost the same, the one that need not think.
  return facts?.thinking === 'always' ? price * 1.01 : price;
}

/** What came of a small request: the answer put together, and how it came. */
export interface TrialAnswer {
  readonly completion: ChatCompletion;
  readonly chunks: readonly ChatChunk[];
  /** Milliseconds until the first chunk with something in it, and until the end. */
  readonly firstMs: number;
  readonly totalMs: number;
}

/** Throws what the gateway would make of a failure. */
export async function ask(subject: Subject, examination: Examination, body: object): Promise<TrialAnswer> {
  const { surface, credential, model } = subject;
  const { clock } = examination.options;
  const from = clock.ticks();
  const question = { model, max_tokens: TRIAL_TOKENS, stream: false, ...body };
  const reply = await surface.adapter.sendChat({
    ...examination.placeOf(surface, credential),
    body: Buffer.from(JSON.stringify(question)),
    stream: question.stream,
  });
  if (reply.stream) return readStream(reply.body, subject, () => clock.ticks() - from);
  const bytes = await collect(reply.body, LIMIT, tooLong);
  const totalMs = clock.ticks() - from;
  return { completion: parsed(bytes.toString()), chunks: [], firstMs: totalMs, totalMs };
}

const CUT: Bilingual = { en: 'The stream stopped before its end.', zh: '流在结束之前中断。' };
const GARBLED: Bilingual = { en: 'The answer could not be understood.', zh: '无法理解该回答。' };
const LONG: Bilingual = { en: `The answer has more than ${LIMIT} bytes.`, zh: `回答超过 ${LIMIT} 字节。` };
const tooLong = () => new Failure(LONG, { code: 'upstream_too_long' });

async function readStream(
  source: AsyncIterable<Buffer>,
  { surface, credential }: Subject,
  since: () => number,
): Promise<TrialAnswer> {
  const reader = new SseReader(LIMIT);
  const fold = new Fold();
  const chunks: ChatChunk[] = [];
  let firstMs: number | undefined;
  let isDone = false;
  for await (const piece of source) {
    const run = reader.push(piece);
    for (const { data } of run === undefined ? [] : splitEvents(run)) {
      if (data === undefined) continue;
      if (data.trim() === '[DONE]') {
        isDone = true;
        continue;
      }
      const chunk = parsed<ChatChunk>(data);
      if (chunk.error !== undefined && chunk.error !== null) throw explainInStream(surface.id, chunk.error, credential);
      firstMs ??= since();
      chunks.push(chunk);
      fold.add(chunk);
    }
  }
  const completion = fold.completion();
  if (!isDone && !completion.choices?.some((choice) => choice.finish_reason))
    throw new Failure(CUT, { code: 'stream_cut' });
  return { completion, chunks, firstMs: firstMs ?? since(), totalMs: since() };
}

function parsed<T extends object>(text: string): T {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as T;
    throw new Error('not an object');
  } catch (cause) {
    throw new Failure(GARBLED, { code: 'upstream_garbled', cause });
  }
}
