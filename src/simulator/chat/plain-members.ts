import { isAbsent, isObject, type JsonObject } from '../json.ts';
import { invalid } from '../refusal.ts';

/** At most 5 strings of at most 32 bytes; the first sentence is the service's, the second is modelled on it. */
export function readStop(body: JsonObject): readonly string[] {
  const value = body['stop'];
  if (isAbsent(value)) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 5) {
    throw invalid(`stop array too long. Expected an array with maximum length 5, but got ${list.length}`);
  }
  return list.map((item) => {
    if (typeof item !== 'string') throw invalid('Invalid request: stop must be a string or an array of strings');
    const bytes = Buffer.byteLength(item);
    if (bytes > 32) throw invalid(`stop string too long. Expected a string with maximum length 32, but got ${bytes}`);
    return item;
  });
}

/** The output cap counts reasoning too. `max_tokens` is the old name and still taken. */
export function readCap(body: JsonObject, window: { context: number; fallback: number; prompt: number }): number {
  if (window.prompt > window.context) throw invalid('Input token length too long');
  for (const name of ['max_completion_tokens', 'max_tokens']) {
    const value = body[name];
    if (isAbsent(value)) continue;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
      throw invalid(`Invalid request: ${name} must be a positive integer`);
    }
    const requested = window.prompt + value;
    if (requested > window.context) {
      throw invalid(`Your request exceeded model token limit: ${window.context} (requested: ${requested})`);
    }
    return value;
  }
  return Math.min(window.fallback, window.context - window.prompt);
}

/** Members whose type alone is checked. */
export function checkPlainMembers(body: JsonObject): void {
  for (const name of ['stream', 'logprobs']) {
    const value = body[name];
    if (!isAbsent(value) && typeof value !== 'boolean') throw invalid(`Invalid request: ${name} must be a boolean`);
  }
  for (const name of ['prompt_cache_key', 'safety_identifier']) {
    const value = body[name];
    if (!isAbsent(value) && typeof value !== 'string') throw invalid(`Invalid request: ${name} must be a string`);
  }
  const top = body['top_logprobs'];
  if (!isAbsent(top) && !(typeof top === 'number' && Number.isInteger(top) && top >= 0 && top <= 20)) {
    throw invalid('Invalid request: top_logprobs must be an integer between 0 and 20');
  }
  const stream = body['stream_options'];
  if (!isAbsent(stream) && !isObject(stream)) throw invalid('Invalid request: stream_options must be an object');
}

/** The request members in the platform's openapi file, September 2026. */
const KNOWN_MEMBERS = new Set(
  [
    'model messages max_tokens max_completion_tokens temperature top_p n presence_penalty frequency_penalty stop',
    'stream stream_options response_format tools tool_choice logprobs top_logprobs prediction prompt_cache_key',
    'safety_identifier thinking reasoning_effort',
  ].flatMap((line) => line.split(' ')),
);

/** What the chat endpoint does with members outside its schema is not known; this is for whoever wants to be told. */
export function refuseUnknownMembers(body: JsonObject): void {
  const unknown = Object.keys(body).find((name) => !KNOWN_MEMBERS.has(name));
  if (unknown !== undefined) throw invalid(`Invalid request: unknown field ${unknown}`);
}

/** OpenAI refuses the member where there is no stream; what Kimi does is not documented. */
export function checkStreamOptions(body: JsonObject): void {
  if (isAbsent(body['stream_options']) || body['stream'] === true) return;
  throw invalid('Invalid request: stream_options is only allowed when stream is true');
}
