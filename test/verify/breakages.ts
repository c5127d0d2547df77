import type { Breakage, Json } from './breaking-proxy.ts';

export interface Broken {
  readonly what: string;
  readonly breakage: Breakage;
  /** The checks that find it, and no others. */
  readonly found: readonly string[];
}

const isChat = (path: string) => path.endsWith('/chat/completions');
const choices = (value: Json) => (value['choices'] ?? []) as Json[];
const message = (value: Json) => (choices(value)[0]?.['message'] ?? {}) as Json;
const delta = (chunk: Json) => (choices(chunk)[0]?.['delta'] ?? {}) as Json;
const withDelta = (chunk: Json, more: Json): Json => ({
  ...chunk,
  choices: choices(chunk).map((choice) => ({ ...choice, delta: { ...(choice['delta'] as Json), ...more } })),
});
const onlyChat =
  (change: (chunk: Json, index: number) => Json) =>
  (chunks: Json[], path: string): readonly Json[] =>
    isChat(path) ? chunks.map(change) : chunks;
const without = (body: Json, ...names: string[]): Json =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
const ignoring = (...names: string[]): Breakage => ({ request: (body) => without(body, ...names) });
const onAnswer = (change: (value: Json) => Json): Breakage => ({
  whole: (value, path, status) => (isChat(path) && status === 200 ? change(value) : value),
});
const calls = (value: Json) => (message(value)['tool_calls'] ?? []) as Json[];
const withMessage = (value: Json, more: Json): Json => ({
  ...value,
  choices: choices(value).map((choice) => ({ ...choice, message: { ...(choice['message'] as Json), ...more } })),
});

export const BROKEN: readonly Broken[] = [
  {
    what: 'a member that is null counts as set',
    breakage: {
      request: (body) => (Object.values(body).includes(null) ? { ...body, model: 'no-such-model' } : body),
    },
    found: ['null-members'],
  },
  {
    what: 'a total that is no sum',
    breakage: onAnswer((value) => ({ ...value, usage: { ...(value['usage'] as Json), total_tokens: 1 } })),
    found: ['usage-whole'],
  },
  {
    what: 'no [DONE]',
    breakage: { text: (text) => text.replace('data: [DONE]\n\n', '') },
    found: ['stream-done'],
  },
  {
    what: 'something behind [DONE]',
    breakage: { text: (text) => text.replace('data: [DONE]\n\n', 'data: [DONE]\n\ndata: {}\n\n') },
    found: ['stream-chunks', 'stream-done', 'stream-empty-choices', 'stream-usage'],
  },
  {
    what: 'tool call indexes that begin with 1',
    breakage: {
      chunks: onlyChat((chunk) => {
        const pieces = delta(chunk)['tool_calls'] as Json[] | undefined;
        return pieces ? withDelta(chunk, { tool_calls: pieces.map((piece) => ({ ...piece, index: 1 })) }) : chunk;
      }),
    },
    found: ['tool-call-stream'],
  },
  {
    what: 'every piece of a tool call under an index of its own',
    breakage: {
      chunks: onlyChat((chunk, index) => {
        const pieces = delta(chunk)['tool_calls'] as Json[] | undefined;
        return pieces ? withDelta(chunk, { tool_calls: pieces.map((piece) => ({ ...piece, index })) }) : chunk;
      }),
    },
    found: ['tool-call-stream'],
  },
  {
    what: 'reasoning in the content',
    breakage: {
      chunks: onlyChat((chunk) => {
        const thought = delta(chunk)['reasoning_content'];
        return thought ? withDelta(chunk, { content: `<think>${thought}</think>` }) : chunk;
      }),
    },
    found: ['reasoning-apart', 'stream-reasoning-first'],
  },
  {
    what: 'reasoning that is left out',
    breakage: {
      ...onAnswer((value) => withMessage(value, { reasoning_content: undefined })),
      chunks: onlyChat((chunk) => withDelta(chunk, { reasoning_content: undefined })),
    },
    found: ['thinking-shown'],
  },
  {
    what: 'no finish_reason',
    breakage: {
      chunks: onlyChat((chunk) => ({
        ...chunk,
        choices: choices(chunk).map((choice) => ({ ...choice, finish_reason: null })),
      })),
    },
    found: ['stream-finish', 'tool-call-stream'],
  },
  {
    what: 'errors in another framework’s shape',
    breakage: {
      whole: (value, path, status) => (status >= 400 && !path.includes('/messages') ? { detail: 'no' } : value),
    },
    found: ['error-in-stream', 'error-json', 'error-messages', 'error-path', 'model-unknown'],
  },
  {
    what: 'errors with status 200',
    breakage: { status: () => 200 },
    found: ['anthropic-error', 'error-in-stream', 'error-json', 'error-messages', 'error-path', 'model-unknown'],
  },
  {
    what: 'a page of HTML for an unknown path',
    breakage: {
      whole: (value, path) => (path.includes('no-such-path') ? '<h1>404</h1>' : value),
      headers: (headers, path) => (path.includes('no-such-path') ? { 'content-type': 'text/html' } : headers),
    },
    found: ['error-path'],
  },
  {
    what: 'tool_choice ignored',
    breakage: ignoring('tool_choice'),
    found: ['tool-choice-named', 'tool-choice-none', 'tool-choice-required', 'tool-names'],
  },
  {
    what: 'lost unicode in a stream',
    breakage: { text: (text) => text.replaceAll(/[^\0-\u{ffff}]|世/gu, '\ufffd') },
    found: ['anthropic-stream', 'stream-text'],
  },
  {
    what: 'lost unicode in a whole answer',
    breakage: onAnswer((value) =>
      withMessage(value, { content: String(message(value)['content'] ?? '').replace('😀', '??') }),
    ),
    found: ['unicode-whole'],
  },
  {
    what: 'the role in every chunk',
    breakage: { chunks: onlyChat((chunk) => withDelta(chunk, { role: 'assistant' })) },
    found: ['stream-role'],
  },
  {
    what: 'no role at all',
    breakage: { chunks: onlyChat((chunk) => withDelta(chunk, { role: undefined })) },
    found: ['stream-role'],
  },
  {
    what: 'another content type',
    breakage: {
      headers: (headers) => ({
        ...headers,
        ...(headers['content-type']?.startsWith('text/') ? { 'content-type': 'text/plain' } : {}),
      }),
    },
    found: ['stream-type'],
  },
  {
    what: 'streams that break off',
    breakage: { cutAt: 0.5 },
    found: ['anthropic-stream', 'stream-done', 'stream-finish', 'stream-text', 'stream-usage', 'tool-call-stream'],
  },
  { what: 'n ignored', breakage: ignoring('n'), found: ['several-choices'] },
  { what: 'stop ignored', breakage: ignoring('stop'), found: ['stop-sequence', 'stop-sequences-many'] },
  { what: 'response_format ignored', breakage: ignoring('response_format'), found: ['json-object', 'json-schema'] },
  {
    what: 'the cap ignored',
    breakage: { request: (body, path) => (isChat(path) ? without(body, 'max_tokens', 'max_completion_tokens') : body) },
    found: ['output-cap'],
  },
  {
    what: 'an answer of another kind',
    breakage: onAnswer((value) => ({ ...value, object: 'text_completion' })),
    found: ['whole-answer'],
  },
  {
    what: 'tool results refused',
    breakage: { refuse: (body) => body.includes('"role":"tool"') },
    found: ['tool-echo', 'tool-history-plain', 'tool-result'],
  },
  {
    what: 'pictures refused',
    breakage: { refuse: (body) => body.includes('image_url') },
    found: ['image-data'],
  },
  {
    what: 'the official client refused',
    breakage: { refuse: (_body, headers) => 'x-stainless-lang' in headers },
    found: ['sdk-headers'],
  },
  { what: 'thinking that cannot be switched off', breakage: ignoring('thinking'), found: ['thinking-off'] },
  {
    what: 'include_usage ignored',
    breakage: ignoring('stream_options'),
    found: ['stream-choice-usage', 'stream-usage'],
  },
  {
    what: 'usage in every chunk',
    breakage: {
      chunks: (chunks, path) => {
        const usage = chunks.at(-1)?.['usage'];
        return isChat(path) && usage ? chunks.map((chunk) => ({ ...chunk, usage })) : chunks;
      },
    },
    found: ['stream-usage'],
  },
  {
    what: 'an id for each chunk',
    breakage: { chunks: onlyChat((chunk, index) => ({ ...chunk, id: `chatcmpl-${index}` })) },
    found: ['stream-chunks'],
  },
  {
    what: 'heartbeats without a choice',
    breakage: {
      chunks: (chunks, path) => (isChat(path) && chunks[0] ? [{ ...chunks[0], choices: [] }, ...chunks] : chunks),
    },
    found: ['stream-empty-choices'],
  },
  {
    what: 'arguments as an object',
    breakage: onAnswer((value) =>
      calls(value).length === 0
        ? value
        : withMessage(value, {
            tool_calls: calls(value).map((call) => ({
              ...call,
              function: { ...(call['function'] as Json), arguments: {} },
            })),
          }),
    ),
    found: ['tool-call'],
  },
  {
    what: 'finish_reason stop beside a call',
    breakage: onAnswer((value) => ({
      ...value,
      choices: choices(value).map((choice) => ({ ...choice, finish_reason: 'stop' })),
    })),
    found: ['output-cap', 'tool-call'],
  },
  {
    what: 'a model list under another name',
    breakage: { whole: (value, path) => (path.endsWith('/models') ? { models: value['data'] } : value) },
    found: ['model-list'],
  },
  {
    what: 'only the first part of a message read',
    breakage: {
      request: (body) => ({
        ...body,
        messages: ((body['messages'] ?? []) as Json[]).map((said) =>
          Array.isArray(said['content']) && said['content'].length === 2
            ? { ...said, content: said['content'].slice(0, 1) }
            : said,
        ),
      }),
    },
    found: ['content-parts'],
  },
  {
    what: 'the text before the thought',
    breakage: {
      chunks: (chunks, path) => {
        if (!isChat(path)) return chunks;
        const [first, ...rest] = chunks;
        const thoughts = rest.filter((chunk) => delta(chunk)['reasoning_content']);
        const texts = rest.filter((chunk) => delta(chunk)['content']);
        const others = rest.filter((chunk) => !thoughts.includes(chunk) && !texts.includes(chunk));
        return first ? [first, ...texts, ...thoughts, ...others] : chunks;
      },
    },
    found: ['stream-reasoning-first'],
  },
  {
    what: 'Anthropic events without their end',
    breakage: { chunks: (chunks, path) => (path.includes('/messages') ? chunks.slice(0, -1) : chunks) },
    found: ['anthropic-stream'],
  },
  {
    what: 'an Anthropic face that never answers',
    breakage: { silent: /\/messages/ },
    found: ['anthropic-answer', 'anthropic-error', 'anthropic-stream', 'anthropic-tool'],
  },
];
