import { type LoadedConfig, loadConfig } from '../../config/index.ts';
import { ask } from '../chat/ask.ts';
import { Failure } from '../command.ts';
import { informedSoon, openOwnEndpoint } from '../endpoint.ts';

export interface Trial {
  readonly model: string;
  readonly surface: string | undefined;
  readonly text: string;
}

/** Served by every surface of Kimi. */
const MODEL = 'k25';
const QUESTION = 'Say hello in one short sentence.';
const LIMIT_MS = 60_000;

/** One request through a gateway of its own, with what was just written. Throws GatewayError. */
export async function tryItOut(values: Readonly<Record<string, unknown>>): Promise<Trial> {
  const endpoint = await openOwnEndpoint(values);
  try {
    await informedSoon(endpoint);
    const body = { model: MODEL, messages: [{ role: 'user', content: QUESTION }] };
    const question = { path: '/v1/chat/completions', body, stream: true };
    let trial: Trial = { model: MODEL, surface: undefined, text: '' };
    for await (const event of ask(endpoint, question, AbortSignal.timeout(LIMIT_MS))) {
      if (event.kind === 'served') trial = { ...trial, surface: event.surface };
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
  } finally {
    await endpoint.close();
  }
}

/** The configuration of this folder as it is before anything is asked: a broken one has to be mended first. */
export function configBefore(values: Readonly<Record<string, unknown>>): LoadedConfig {
  return loadConfig({
    file: typeof values['config'] === 'string' ? values['config'] : undefined,
  });
}
