/** What the upstream answers, rendered once: it shall not be the bottleneck. */

export interface WholeAnswer {
  readonly kind: 'whole';
  readonly bytes: Buffer;
}

export interface StreamAnswer {
  readonly kind: 'stream';
  readonly head: Buffer;
  /** One write: the events of a burst, each in an HTTP chunk of its own, as servers flush them. */
  readonly burst: Buffer;
  readonly eventsPerBurst: number;
  readonly bursts: number;
  /** Milliseconds between two writes; 0: as fast as the reader takes them. */
  readonly everyMs: number;
  /** The closing chunk with usage, `[DONE]`, and the end of the body. */
  readonly tail: Buffer;
}

export type Answer = WholeAnswer | StreamAnswer;

const ID = 'chatcmpl-6743f2a1b8c9d0e1';
const CREATED = 1_763_000_000;
const MODEL = 'kimi-k2.6';
const FINGERPRINT = 'fpv0_4b1f7e2c';

/** As the platform reports it: the cached tokens in both places. */
const USAGE = {
  prompt_tokens: 812,
  completion_tokens: 64,
  total_tokens: 876,
  cached_tokens: 768,
  prompt_tokens_details: { cached_tokens: 768 },
};

const SENTENCE = '月之暗面的模型能读懂很长的上下文。The gateway forwards what nobody needs to change, byte by byte. ';

function completion(bytes: number): Buffer {
  const render = (content: string) =>
    JSON.stringify({
      id: ID,
      object: 'chat.completion',
      created: CREATED,
      model: MODEL,
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: USAGE,
      system_fingerprint: FINGERPRINT,
    });
  const missing = bytes - Buffer.byteLength(render(''));
  return Buffer.from(render(SENTENCE.repeat(Math.max(1, Math.floor(missing / Buffer.byteLength(SENTENCE))))));
}

function whole(body: Buffer): WholeAnswer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n\r\n`;
  return { kind: 'whole', bytes: Buffer.concat([Buffer.from(head), body]) };
}

function event(delta: object, finish: string | null, more: object = {}): string {
  const choice = { index: 0, delta, finish_reason: finish, ...more };
  return `data: ${JSON.stringify({
    id: ID,
    object: 'chat.completion.chunk',
    created: CREATED,
    model: MODEL,
    choices: [choice],
    system_fingerprint: FINGERPRINT,
  })}\n\n`;
}

function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function stream(eventsPerBurst: number, bursts: number, everyMs: number): StreamAnswer {
  const one = httpChunk(event({ content: '上下文' }, null));
  return {
    kind: 'stream',
    head: Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'),
    burst: Buffer.from(one.repeat(eventsPerBurst)),
    eventsPerBurst,
    bursts,
    everyMs,
    tail: Buffer.from(`${httpChunk(event({}, 'stop', { usage: USAGE }))}${httpChunk('data: [DONE]\n\n')}0\r\n\r\n`),
  };
}

export type AnswerName = 'small' | 'large' | 'bursts' | 'singles' | 'paced' | 'held';

export const ANSWERS: Readonly<Record<AnswerName, Answer>> = {
  small: whole(completion(600)),
  large: whole(completion(20_000)),
  bursts: stream(20, 100, 0),
  singles: stream(1, 500, 0),
  // These two end because their readers leave; the numbers are a bound.
  paced: stream(1, 3_000, 20),
  held: stream(1, 100, 1_000),
};

export const MODEL_LIST = whole(
  Buffer.from(JSON.stringify({ object: 'list', data: [{ id: MODEL, object: 'model', created: CREATED }] })),
);
