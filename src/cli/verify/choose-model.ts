import { Failure } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import { phrase } from '../language.ts';
import { readAnswer } from './exchange.ts';
import { at, listAt } from './json-at.ts';
import { assertLetIn } from './let-in.ts';

/** In this order: the one with a switch for thinking can show the most. */
const PREFERRED = ['kimi-k2.6', 'kimi-k3.1-pro', 'kimi-k3', 'kimi-for-coding'];

export interface ChosenModel {
  readonly model: string;
  /** What an alias stands for. */
  readonly served: string;
}

/** The model that was asked for, else the best known one that the endpoint lists. */
export async function chooseModel(
  endpoint: Endpoint,
  asked: string | undefined,
  timeoutMs: number,
): Promise<ChosenModel> {
  const response = await endpoint.call('/v1/models', { signal: AbortSignal.timeout(timeoutMs) });
  const answer = await readAnswer(response);
  assertLetIn(endpoint, answer);
  const listed = listAt(answer.json, 'data').flatMap((model) => {
    const id = at(model, 'id');
    const alias = at(model, 'alias_of');
    return typeof id === 'string' ? [{ model: id, served: typeof alias === 'string' ? alias : id }] : [];
  });
  if (asked !== undefined) return listed.find(({ model }) => model === asked) ?? { model: asked, served: asked };
  const ids = listed.map(({ model }) => model);
  const id =
    PREFERRED.find((known) => ids.includes(known)) ?? ids.find((known) => /kimi|moonshot|^k\d/.test(known)) ?? ids[0];
  const chosen = listed.find(({ model }) => model === id);
  if (chosen !== undefined) return chosen;
  throw new Failure(
    {
      en: `${phrase(endpoint.label, 'en')} lists no model (HTTP ${response.status}).`,
      zh: `${phrase(endpoint.label, 'zh')} 没有列出模型（HTTP ${response.status}）。`,
    },
    { hint: { en: 'Name one with --model.', zh: '请用 --model 指定。' } },
  );
}
