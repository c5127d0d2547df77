import type { JsonDocument } from './json-document.ts';
import { endOfString } from './json-spans.ts';
import { weigh } from './token-weights.ts';

/**
 * How many tokens a prompt takes, without a vocabulary: text by classes of characters, messages by their structure, in
 * OpenAI's shape or Anthropic's. Good for routing, for clamping a cap and for a client that wants to know about how long
 * its prompt is; what it is off for one model, `TokenCalibration` learns from the usage that answers report.
 */

/** The members of the prompt that the model reads as the JSON that they are. */
const AS_TEXT = ['tools', 'response_format', 'system', 'output_config'];
/** What a picture inside the request counts. The vendor's price depends on its size, which we do not look at. */
const MEDIA = 1_100;
/** The marks around a message: who speaks, where the text begins, where it ends. */
const MESSAGE = 4;
/** The marks around a tool call and its id. */
const CALL = 6;
/** The opening of the answer. */
const REQUEST = 3;
/** Members of messages that are marks and no text. */
const MARKS = new Set(['"role"', '"type"', '"tool_call_id"', '"id"', '"detail"', '"partial"', '"tool_use_id"']);
const LONGEST_MARK = 16;
const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const DATA_URL = Buffer.from('"data:');
/** The same in Anthropic's shape. */
const DATA_MEMBER = Buffer.from('"data":"');
/** As much of it as tells base64 from the text of a document. */
const DATA_SAMPLE = 512;
/** In a message a shorter text without a space is a picture too: what is said is not called data. */
const SMALL_PICTURE = 8;

export function estimatePromptTokens(request: JsonDocument): number {
  let tokens = REQUEST;
  if (request.has('messages')) tokens += estimateMessages(bytesOf(request, 'messages'));
  return Math.ceil(tokens) + estimateBesideMessages(request);
}

/** What the prompt holds besides messages. */
export function estimateBesideMessages(request: JsonDocument): number {
  let tokens = 0;
  for (const member of AS_TEXT) if (request.has(member)) tokens += estimateTokens(bytesOf(request, member));
  return Math.ceil(tokens);
}

function bytesOf(request: JsonDocument, member: string): Buffer {
  return request.raw(member) ?? Buffer.from(JSON.stringify(request.get(member)) ?? '');
}

/** For JSON or plain text in UTF-8. Data URLs and base64 inside JSON strings count as one picture each. */
export function estimateTokens(bytes: Buffer): number {
  let tokens = 0;
  let from = 0;
  for (let data = dataFrom(bytes, 0); data !== -1; data = dataFrom(bytes, from)) {
    tokens += weigh(bytes, from, data) + MEDIA;
    from = endOfString(bytes, data);
  }
  return tokens + weigh(bytes, from, bytes.length);
}

/** The opening quote of the next picture; -1 if there is none. */
function dataFrom(bytes: Buffer, from: number): number {
  const url = bytes.indexOf(DATA_URL, from);
  for (let at = bytes.indexOf(DATA_MEMBER, from); at !== -1; at = bytes.indexOf(DATA_MEMBER, at + 1)) {
    if (url !== -1 && url < at) return url;
    const quote = at + DATA_MEMBER.length - 1;
    if (isBase64(bytes, quote)) return quote;
  }
  return url;
}

/** `least`: shorter ones may be a word. */
function isBase64(bytes: Buffer, quote: number, least = DATA_SAMPLE): boolean {
  const sample = bytes.toString('latin1', quote + 1, Math.min(quote + 1 + DATA_SAMPLE, endOfString(bytes, quote) - 1));
  return sample.length >= least && /^[A-Za-z0-9+/]+=*$/.test(sample);
}

/** The JSON of `messages`: what is said in them, and the model's own marks instead of JSON's. */
function estimateMessages(bytes: Buffer): number {
  let tokens = 0;
  let depth = 0;
  let key = '';
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === OPEN_BRACE && depth++ === 0) tokens += MESSAGE;
    else if (byte === CLOSE_BRACE) depth--;
    if (byte !== QUOTE) continue;
    const end = endOfString(bytes, at);
    if (isKey(bytes, end)) {
      key = end - at > LONGEST_MARK ? '' : bytes.toString('latin1', at, end);
      if (key === '"arguments"' || key === '"input"') tokens += CALL;
    } else if (!MARKS.has(key)) tokens += isMedia(bytes, at, key) ? MEDIA : weigh(bytes, at + 1, end - 1);
    at = end - 1;
  }
  return tokens;
}

function isMedia(bytes: Buffer, quote: number, key: string): boolean {
  if (bytes.subarray(quote, quote + DATA_URL.length).equals(DATA_URL)) return true;
  return key === '"data"' && isBase64(bytes, quote, SMALL_PICTURE);
}

function isKey(bytes: Buffer, end: number): boolean {
  let at = end;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x09 || bytes[at] === 0x0d) at++;
  return bytes[at] === COLON;
}
