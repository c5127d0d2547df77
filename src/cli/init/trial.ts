import { type LoadedConfig, loadConfig } from '../../config/index.ts';
import { ask } from '../chat/ask.ts';
import { Failure } from '../command.ts';
import { type Endpoint, informedSoon, openOwnEndpoint } from '../endpoint.ts';

export interface Trial {
  readonly model: string;
  readonly surface: string | undefined;
  readonly text: string;
}

/** Served by every surface of Kimi. */
const MODEL = 'k25';
const QUESTION = 'Say hello in one short sentence.';
const LIMIT_MS = 60_000;

/** A request to a surface, or to the one that the gateway would take, and what came of it. */
export interface Attempt {
  readonly surface: string | undefined;
  readonly trial?: Trial;
  /** What was thrown. */
  readonly failure?: unknown;
}

/** One request to each of the surfaces, through a gateway of its own with what was just written. */
export async function* tryItOut(
  values: Readonly<Record<string, unknown>>,
  surfaces: readonly string[],
): AsyncGenerator<Attempt> {
  const endpoint = await openOwnEndpoint(values);
  try {
    await informedSoon(endpoint);
    for (const surface of surfaces.length === 0 ? [undefined] : surfaces) {
      try {
        yield { surface, trial: await answerOf(endpoint, surface) };
      } catch (failure) {
        yield { surface, failure };
      }
    }
  } finally {
    await endpoint.close();
  }
}

async function answerOf(endpoint: Endpoint, surface: string | undefined): Promise<Trial> {
  try {
    const model = surface === undefined ? MODEL : `${surface}/${MODEL}`;
    const body = { model, messages: [{ role: 'user', content: QUESTION }] };
    const question = { path: '/v1/chat/completions', body, stream: true };
    let trial: Trial = { model: MODEL, surface, text: '' };
    for await (const event of ask(endpoint, question, AbortSignal.timeout(LIMIT_MS))) {
      if (event.kind === 'served') trial = { ...trial, surface: event.surface ?? surface };
      else if (event.kind === 'text') trial = { ...trial, text: trial.text + event.text };
      else if (event.kind === 'end') trial = { ...trial, model: event.model ?? MODEL };
    }
    return trial;
  } catch (thrown) {
    if (!(thrown instanceof DOMException)) throw thrown;
    const seconds = LIMIT_MS / 1_000;
    throw new Failure(
      { en: `Nobody answered within ${seconds} s.`, zh: `${seconds} 秒内没有得到回答。` },
      { code: 'total_timeout', cause: thrown },
    );
  }
}

/** The configuration of this folder as it is before anything is asked: a broken one has to be mended first. */
export function configBefore(values: Readonly<Record<string, unknown>>): LoadedConfig {
  return loadConfig({
    file: typeof values['config'] === 'string' ? values['config'] : undefined,
  });
}
