/** Requests at whose answers several checks look. */
export const SENTENCE = '你好，世界 — naïve café 😀 𠮷';

/** Enough for a model that thinks. */
const CAP = 2_048;

export const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', description: 'Its name' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
} as const;

export const user = (content: unknown): readonly object[] => [{ role: 'user', content }];

export const asking = (content: unknown, more: object = {}): object => ({
  messages: user(content),
  max_completion_tokens: CAP,
  ...more,
});

const REPEAT = `Repeat exactly this line and nothing else: ${SENTENCE}`;
export const CALL_WEATHER = 'Call get_weather for the city Beijing. Do not answer by yourself.';

/** Path and body; the model is added by the probe. */
export const SHARED = {
  whole: { path: '/v1/chat/completions', body: asking(REPEAT), isStream: false },
  stream: {
    path: '/v1/chat/completions',
    body: asking(REPEAT, { stream: true, stream_options: { include_usage: true } }),
    isStream: true,
  },
  streamBare: { path: '/v1/chat/completions', body: asking('Say hello.', { stream: true }), isStream: true },
  tool: { path: '/v1/chat/completions', body: asking(CALL_WEATHER, { tools: [WEATHER] }), isStream: false },
  toolStream: {
    path: '/v1/chat/completions',
    body: asking(CALL_WEATHER, { tools: [WEATHER], stream: true }),
    isStream: true,
  },
  messages: { path: '/v1/messages', body: { messages: user(REPEAT), max_tokens: CAP }, isStream: false },
  messagesStream: {
    path: '/v1/messages',
    body: { messages: user(REPEAT), max_tokens: CAP, stream: true },
    isStream: true,
  },
  responses: { path: '/v1/responses', body: { input: REPEAT, max_output_tokens: CAP }, isStream: false },
  responsesStream: {
    path: '/v1/responses',
    body: { input: REPEAT, max_output_tokens: CAP, stream: true },
    isStream: true,
  },
} as const;

export type SharedName = keyof typeof SHARED;
