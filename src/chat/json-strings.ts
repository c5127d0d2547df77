import { JsonSyntaxError } from './json-syntax-error.ts';

/** The text of the string that lies, with its quotes, between `start` and `end`. */
export function stringAt(bytes: Buffer, start: number, end: number): string {
  const raw = bytes.toString('utf8', start + 1, end - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    throw new JsonSyntaxError('malformed string', start);
  }
}

/** Member names, roles and part types of every request and answer, by length, to be recognised without decoding. */
const WORDS: string[][] = [];
for (const word of [
  ...[
    'role',
    'content',
    'tool_calls',
    'tool_call_id',
    'reasoning_content',
    'partial',
    'prefix',
    'name',
    'function_call',
  ],
  ...['type', 'text', 'image_url', 'video_url', 'url', 'id', 'function', 'arguments'],
  ...['system', 'user', 'assistant', 'tool'],
  ...['model', 'messages', 'stream', 'stream_options', 'temperature', 'top_p', 'max_tokens', 'max_completion_tokens'],
  ...['tools', 'tool_choice', 'n', 'stop', 'response_format', 'thinking', 'reasoning_effort', 'prompt_cache_key'],
  ...['object', 'created', 'choices', 'usage', 'system_fingerprint', 'error'],
]) {
  const group = WORDS[word.length] ?? [];
  WORDS[word.length] = group;
  group.push(word);
}

/** The text of the string that lies, with its quotes, between `start` and `end`. */
export function wordAt(bytes: Buffer, start: number, end: number): string {
  for (const word of WORDS[end - start - 2] ?? []) {
    let same = 0;
    while (same < word.length && word.charCodeAt(same) === bytes[start + 1 + same]) same++;
    if (same === word.length) return word;
  }
  return stringAt(bytes, start, end);
}
