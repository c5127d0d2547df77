import { missingCredentialsAdvice } from '../../config/index.ts';
import { ERRORS, type ErrorCode } from '../../errors.ts';
import { Failure } from '../command.ts';
import type { Phrase } from '../language.ts';

/** What a refused call says, in the words of whoever refused. */
export async function failureOf(response: Response): Promise<Failure> {
  const text = await response.text().catch(() => '');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined; // no gateway speaks so
  }
  const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return toError(said, response.status);
}

/** Hints that speak of HTTP, in the words of this command line. */
const NO_MODEL: Phrase = {
  en: '`moongate models` lists what can be used (in a chat: /model).',
  zh: '`moongate models` 列出可用的模型（聊天中用 /model）。',
};
const HINTS: Partial<Record<ErrorCode, Phrase>> = {
  invalid_api_key: {
    en: 'Give one with --key; the keys are listed under `keys` in the moongate.yaml of that gateway.',
    zh: '请用 --key 提供密钥；密钥列在该网关 moongate.yaml 的 `keys` 中。',
  },
  upstream_model_not_found: NO_MODEL,
  unknown_model: NO_MODEL,
};

export function toError(said: unknown, status: number | undefined): Failure {
  if (typeof said !== 'object' || said === null || !('message' in said) || typeof said.message !== 'string') {
    const at = status === undefined ? { en: '', zh: '' } : { en: ` with status ${status}`, zh: `（状态码 ${status}）` };
    return new Failure(
      { en: `What answers there${at.en} does not speak as a gateway does.`, zh: `那里的应答${at.zh}不像网关。` },
      {
        code: 'upstream_garbled',
        hint: { en: 'Check the address given with --url.', zh: '请检查 --url 给出的地址。' },
      },
    );
  }
  const given = 'hint' in said && typeof said.hint === 'string' ? said.hint : undefined;
  const code = 'code' in said && isErrorCode(said.code) ? said.code : 'upstream_error';
  const hint = HINTS[code] ?? given;
  // The message carries the hint at its end, for clients that show nothing else.
  const message = given === undefined ? said.message : said.message.replace(` ${given}`, '');
  const zh = code === 'no_credentials' ? adviceInChinese(message) : message;
  return new Failure({ en: message, zh }, { code, hint });
}

/** Where no credential is at all the gateway answers with the advice of its configuration, whose lines are known. */
function adviceInChinese(message: string): string {
  const known = missingCredentialsAdvice({ surfaces: {}, undecided: [] });
  const zh = known?.zh.split('\n') ?? [];
  const lines = new Map(known?.en.split('\n').map((line, at) => [line, zh[at] ?? line]));
  return message
    .split('\n')
    .map((line) => lines.get(line) ?? line)
    .join('\n');
}

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERRORS, code);
