import { ERRORS, type ErrorCode, GatewayError } from '../../errors.ts';

/** What a refused call says, in the words of whoever refused. */
export async function failureOf(response: Response): Promise<GatewayError> {
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
const HINTS: Partial<Record<ErrorCode, string>> = {
  invalid_api_key: 'Give one with --key; the keys are listed under `keys` in the moongate.yaml of that gateway.',
  upstream_model_not_found: '`moongate models` lists what can be used (in a chat: /model).',
  unknown_model: '`moongate models` lists what can be used (in a chat: /model).',
};

export function toError(said: unknown, status: number | undefined): GatewayError {
  if (typeof said !== 'object' || said === null || !('message' in said) || typeof said.message !== 'string') {
    return new GatewayError('upstream_garbled', {
      message: `What answers there${status === undefined ? '' : ` with status ${status}`} does not speak as a gateway does.`,
      hint: 'Check the address given with --url.',
    });
  }
  const given = 'hint' in said && typeof said.hint === 'string' ? said.hint : undefined;
  const code = 'code' in said && isErrorCode(said.code) ? said.code : 'upstream_error';
  const hint = HINTS[code] ?? given;
  // The message carries the hint at its end, for clients that show nothing else.
  const message = given === undefined ? said.message : said.message.replace(` ${given}`, '');
  return new GatewayError(code, { message, ...(hint === undefined ? {} : { hint }) });
}

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERRORS, code);
