import type { Span } from './json-spans.ts';
import { JsonSyntaxError } from './json-syntax-error.ts';

/** Names of models and the like: what is between the quotes is the text. */
const PLAIN_STRING = /^"[ !#-[\]-~]*"$/;
const LONGEST_PLAIN = 100;

/** The value that lies there. Throws JsonSyntaxError. */
export function parseSpan(bytes: Buffer, span: Span): unknown {
  const json = bytes.toString('utf8', span.start, span.end);
  if (json.length < LONGEST_PLAIN && PLAIN_STRING.test(json)) return json.slice(1, -1);
  if (json === 'true' || json === 'false') return json === 'true';
  try {
    return JSON.parse(json);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'malformed value';
    throw new JsonSyntaxError(`${why}, in the value`, span.start);
  }
}
