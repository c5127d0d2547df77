import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { type Listen, parseListen } from './listen.ts';
import { cleanPasted, splitPasted } from './pasted.ts';
import { Secret } from './secret.ts';
import { parseSize } from './size.ts';

/**
 * The building blocks of the schema. Each takes what YAML writes and what an environment variable can hold (always
 * text), and names its kind in the metadata, from which the reference page and the environment reader work.
 */
export const KINDS = {
  address: '`host:port`',
  duration: 'duration',
  size: 'size',
  count: 'whole number',
  number: 'number',
  flag: '`true` or `false`',
  text: 'text',
  choice: 'one of',
  url: 'http or https address',
  secret: 'secret',
  list: 'list of texts',
  pairs: 'map of texts',
  keys: 'list of inbound keys',
} as const;

export type Kind = keyof typeof KINDS;

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const scalar = (error: string) => z.union([z.number(), z.string()], { error });

/** Zero fits only where it means "not at all"; a limit of zero would fail everything at once. */
export const duration = (description: string, { zero = false } = {}) => {
  const error = `must be a duration such as 30s, 5m or 1h (a plain number is milliseconds)${zero ? '' : ', above zero'}`;
  return scalar(error)
    .transform((value, context) => {
      const ms = parseDuration(value);
      if (ms !== undefined && (zero || ms > 0)) return ms;
      context.addIssue(`${error}, at most 24 days`);
      return z.NEVER;
    })
    .meta({ kind: 'duration', description });
};

export const size = (description: string) =>
  scalar('must be a size such as 32MiB or 512KiB (a plain number is bytes)')
    .transform((value, context) => {
      const bytes = parseSize(value);
      if (bytes !== undefined && bytes > 0) return bytes;
      context.addIssue('must be a size above zero, such as 32MiB or 512KiB (a plain number is bytes)');
      return z.NEVER;
    })
    .meta({ kind: 'size', description });

export const number = (description: string, { least, most, whole = false }: NumberRange) => {
  const error = `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`;
  return scalar(error)
    .transform((value, context) => {
      const text = String(value).trim();
      const parsed = NUMBER.test(text) ? Number(text) : Number.NaN;
      if (parsed >= least && parsed <= most && (!whole || Number.isInteger(parsed))) return parsed;
      context.addIssue(error);
      return z.NEVER;
    })
    .meta({ kind: whole ? 'count' : 'number', description });
};

interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

export const count = (description: string, least: number, most: number) =>
  number(description, { least, most, whole: true });

const FLAGS = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

export const flag = (description: string) =>
  z
    .union([z.boolean(), z.string(), z.number()], { error: 'must be true or false' })
    .transform((value, context) => {
      const known = FLAGS.get(String(value).trim().toLowerCase());
      if (known !== undefined) return known;
      context.addIssue('must be true or false');
      return z.NEVER;
    })
    .meta({ kind: 'flag', description });

export const text = (description: string) =>
  z
    .string({ error: 'must be text' })
    .trim()
    .min(1, 'is empty; give it a value, or leave the key out')
    .meta({ kind: 'text', description });

export const names = (description: string) =>
  z.array(text('A name.'), { error: 'must be a list, such as [ a, b ]' }).meta({ kind: 'list', description });

export const pattern = (description: string) =>
  text(description).refine(isPattern, { error: 'is not a valid regular expression' });

function isPattern(value: string): boolean {
  try {
    return new RegExp(value, 'g') !== undefined;
  } catch {
    return false;
  }
}

export const choice = <const T extends readonly [string, ...string[]]>(description: string, values: T) =>
  z.enum(values, { error: `must be one of: ${values.join(', ')}` }).meta({ kind: 'choice', description });

export const listen = (description: string) =>
  scalar('must be an address such as 127.0.0.1:8000')
    .transform((value, context): Listen => {
      const parsed = parseListen(value);
      if (parsed !== undefined) return parsed;
      context.addIssue('must be an address such as 127.0.0.1:8000, 8000 or [::1]:8000, without http://');
      return z.NEVER;
    })
    .meta({ kind: 'address', description, restart: true });

/** An http or https address without a trailing slash, without credentials, query or fragment. */
export const url = (description: string) =>
  z
    .string({ error: 'must be an address such as https://api.example.com/v1' })
    .transform((value, context) => {
      const problem = urlProblem(value.trim());
      if (problem === undefined) return value.trim().replace(/\/+$/, '');
      context.addIssue(problem);
      return z.NEVER;
    })
    .meta({ kind: 'url', description });

function urlProblem(value: string): string | undefined {
  const parsed = URL.parse(value);
  if (parsed === null) return 'must be a whole address such as https://api.example.com/v1';
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return 'must begin with https:// or http://';
  if (parsed.username !== '' || parsed.password !== '') return 'must not hold a user or password; use `credentials`';
  if (parsed.search !== '' || parsed.hash !== '') return 'must not have a query or fragment';
  return undefined;
}

/** An address that may hold a password, such as a database's; `schemes` without the colon. */
export const secretUrl = (description: string, schemes: readonly string[]) => {
  const error = `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return text(description)
    .refine((value) => schemes.includes(URL.parse(value)?.protocol.slice(0, -1) ?? ''), { error })
    .transform((value) => new Secret(value))
    .meta({ kind: 'secret', description });
};

/** One key or token, cleaned of what copy and paste leave behind. */
export const secret = (description: string) =>
  z
    .string({ error: 'must be text' })
    .transform((value, context) => toSecret(value, (message) => context.addIssue(message)) ?? z.NEVER)
    .meta({ kind: 'secret', description });

/** One or several comma separated keys in one value, as the variables of the vendor's own tools hold them. */
export const secrets = (description: string) =>
  z
    .string({ error: 'must be text' })
    .transform((value, context) => {
      const report = (message: string) => context.addIssue(message);
      const parts = splitPasted(value);
      if (parts.length === 0) report('is empty; put the key here, or leave the entry out');
      return parts.flatMap((part) => toSecret(part, report) ?? []);
    })
    .meta({ kind: 'secret', description });

function toSecret(value: string, report: (message: string) => void): Secret | undefined {
  const cleaned = cleanPasted(value);
  if ('value' in cleaned) return new Secret(cleaned.value);
  report(cleaned.problem.en);
  return undefined;
}

/** Header values are secrets as well: a proxy's key is often one, and nobody misses them in a log. */
export const headers = (description: string) =>
  z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is no header name')
        .refine(isFreeHeader, { error: RESERVED }),
      z
        .string({ error: 'must be text' })
        .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'has a character that no header can carry'),
    )
    .transform((record) => {
      const pairs = Object.entries(record).map(([name, value]) => [name.toLowerCase(), new Secret(value)] as const);
      return Object.fromEntries(pairs);
    })
    .meta({ kind: 'pairs', description });

const RESERVED = 'is set by the gateway itself; leave it out';

function isFreeHeader(name: string): boolean {
  const own = ['host', 'content-length', 'content-type', 'connection', 'transfer-encoding', 'upgrade', 'te', 'trailer'];
  return !own.includes(name.toLowerCase());
}
