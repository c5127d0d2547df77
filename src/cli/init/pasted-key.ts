import { KNOWN_SURFACES } from '../../config/index.ts';
import { cleanPasted } from '../../config/pasted.ts';
import { Secret } from '../../config/secret.ts';
import { readWebSecret, tokenFacts, webSecretProblem } from '../../tokens/web-secret.ts';
import type { Bilingual } from '../language.ts';

/** What was pasted, recognised by its form alone. */
export type PastedKey =
  | { readonly kind: 'platform' | 'coding'; readonly secret: Secret }
  | { readonly kind: 'web'; readonly secret: Secret; readonly expiresAt: number | undefined; readonly renews: boolean }
  | { readonly kind: 'problem'; readonly problem: Bilingual };

/**
 * `sk-kimi-…` is a key of the coding subscription, any other `sk-…` one of the platform; a token of three parts, or a
 * cookie that holds one, is the web chat's.
 */
export function recognise(text: string): PastedKey {
  const cookie = /kimi-auth=/.test(text);
  const pasted = cookie ? text.trim() : cleanPasted(text);
  if (typeof pasted !== 'string' && 'problem' in pasted) return { kind: 'problem', problem: problemOf(pasted.problem) };
  const value = typeof pasted === 'string' ? pasted : pasted.value;
  if (value.startsWith('sk-kimi-')) return { kind: 'coding', secret: new Secret(value) };
  if (value.startsWith('sk-')) return { kind: 'platform', secret: new Secret(value) };
  const { access, refresh } = readWebSecret(value);
  const token = access ?? refresh ?? '';
  const isToken = token.split('.').length === 3 && tokenFacts(token).expiresAt !== undefined;
  if (webSecretProblem(value) !== undefined || !isToken) return { kind: 'problem', problem: UNKNOWN };
  const renews = refresh !== undefined;
  return { kind: 'web', secret: new Secret(token), expiresAt: tokenFacts(token).expiresAt, renews };
}

/** Where an owner gets the things that are recognised. */
export const KEY_SOURCES: Bilingual = {
  en: KNOWN_SURFACES.map(({ title, console: place }) => `${title.en}: ${place}`).join('\n'),
  zh: KNOWN_SURFACES.map(({ title, console: place }) => `${title.zh}：${place}`).join('\n'),
};

const UNKNOWN: Bilingual = {
  en: 'This is neither an API key (sk-…, sk-kimi-…) nor a token or cookie of the web chat. Paste it again, or press Enter to go on.',
  zh: '这既不是 API 密钥（sk-…、sk-kimi-…），也不是网页版的 token 或 cookie。请重新粘贴，或直接按回车继续。',
};

const problemOf = ({ en, zh }: Bilingual): Bilingual => ({ en: `What was pasted ${en}.`, zh: `粘贴的内容${zh}。` });
