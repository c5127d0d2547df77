import type { IncomingHttpHeaders } from 'node:http';
import { findRefusal, type Refusal, type RefusalPlace } from '../atlas/index.ts';
import type { Credential } from '../credential.ts';
import { GatewayError } from '../errors.ts';

/** What a surface says in an error body, as far as it has the usual shape. */
interface Said {
  readonly message?: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
}

/** What a surface was shown; none of it may come back in what it says. */
export type Shown = Pick<Credential, 'secret' | 'hidden'>;

/** The error that a refusal means; the atlas knows them all. */
export function explainRefusal(
  surface: { readonly id: string; readonly kind: RefusalPlace },
  status: number,
  headers: IncomingHttpHeaders,
  body: Buffer,
  shown: Shown,
): GatewayError {
  const said = readBody(body, shown);
  const row = findRefusal({ ...said, status, place: surface.kind });
  const message = said.message ?? plainText(body, shown) ?? `The surface answered ${status}.`;
  const details = { surface: surface.id, message, ...upstream(status, said, row) };
  // A good status that is not the one of an answer: 204 and its kin.
  if (status < 300) return new GatewayError('upstream_garbled', details);
  const wait = retryAfterMs(headers, said.message) ?? row?.waitMs;
  return new GatewayError(row?.means ?? (status >= 500 ? 'upstream_error' : 'upstream_refused'), {
    ...details,
    ...(row?.advice === undefined ? {} : { hint: row.advice.en }),
    ...(status >= 500 && status < 600 ? { status } : {}),
    ...(said.param === undefined ? {} : { param: said.param }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** The error that an error object inside a stream means: its status was spent, so its type counts, or a numeric code. */
export function explainInStream(surface: string, error: unknown, shown: Shown): GatewayError {
  const said = readObject(error, shown);
  const row = findRefusal(said) ?? findRefusal({ ...said, status: Number(said.code) || 500 });
  return new GatewayError(row?.means ?? 'upstream_error', {
    surface,
    message: said.message ?? 'The surface sent an error in the middle of its answer.',
    ...(row?.advice === undefined ? {} : { hint: row.advice.en }),
    ...upstream(200, said, row),
  });
}

/** What the surface said, as it said it, beside what it means. */
function upstream(status: number, { type, code }: Said, row: Refusal | undefined) {
  const extra = { upstream: { status, type: type ?? null, code: code ?? null } };
  return row === undefined ? { extra } : { extra, refusal: row.id };
}

/** Vendors quote what they refuse, and what they say goes to the client and into the log. */
function withoutSecret(text: string, { secret, hidden = [] }: Shown): string {
  const clean = text.replaceAll(secret.reveal(), `${secret}`);
  return hidden.reduce((left, value) => left.replaceAll(value, '***'), clean);
}

function readBody(body: Buffer, shown: Shown): Said {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null) return {};
    return readObject('error' in parsed ? parsed.error : parsed, shown);
  } catch {
    return {};
  }
}

function readObject(error: unknown, shown: Shown): Said {
  if (typeof error === 'string') return { message: withoutSecret(error, shown) };
  if (typeof error !== 'object' || error === null) return {};
  const found: Record<string, string> = {};
  for (const member of ['message', 'type', 'code', 'param'] as const) {
    const value: unknown = member in error ? (error as Record<string, unknown>)[member] : undefined;
    if (typeof value === 'string' || typeof value === 'number') found[member] = withoutSecret(String(value), shown);
  }
  return found;
}

/** Proxies and load balancers answer in HTML or plain text; a page is not a sentence for the reader. */
function plainText(body: Buffer, shown: Shown): string | undefined {
  // First the secret, then the cut, which would leave half of it.
  const text = withoutSecret(body.toString('utf8'), shown).slice(0, 500).trim();
  return text === '' || text.startsWith('<') || text.startsWith('{') ? undefined : text;
}

/** Seconds or a date in `retry-after`, the vendor's `x-retry-after`, or "try again after 1 seconds" in the sentence. */
export function retryAfterMs(headers: IncomingHttpHeaders, message = '', now = Date.now()): number | undefined {
  const header = headers['retry-after'] ?? headers['x-retry-after'];
  const value = Array.isArray(header) ? header[0] : header;
  if (value !== undefined) {
    const seconds = Number(value);
    if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
    const date = Date.parse(value);
    if (!Number.isNaN(date)) return Math.max(0, date - now);
  }
  const inWords = /try again after (\d+(?:\.\d+)?) seconds?/.exec(message);
  return inWords ? Number(inWords[1]) * 1000 : undefined;
}
