import type { Piece } from './pieces.ts';
import type { Reply } from './reply.ts';
import type { Frame, Grammar } from './send-stream.ts';

/**
 * The stream as it was recorded (MoonshotAI/moonpalace merge tests; vendor's openapi): role, reasoning, content, calls,
 * a closing chunk with the usage inside its choice, the extra usage chunk if it was asked for, `[DONE]`.
 */
export class ChatGrammar implements Grammar {
  readonly #reply: Reply;

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  opening(): readonly Frame[] {
    return this.piece({ role: 'assistant', content: '' });
  }

  piece(delta: Piece): readonly Frame[] {
    return this.#indices().map((index) => this.#chunk([{ index, delta, finish_reason: null }], {}));
  }

  heartbeat(): readonly Frame[] {
    return [this.#chunk([], {})];
  }

  failure(type: string, message: string): readonly Frame[] {
    return [frame({ error: { message, type } })];
  }

  broken(): readonly Frame[] {
    return [{ data: '{"id":"chatcmpl-broken","choices":[{"index":0,"delta":' }];
  }

  closing(): readonly Frame[] {
    const { draft, output, usage, fingerprint, request } = this.#reply;
    const place = draft.usagePlace;
    const isInChoice = place === 'choice' || place === 'both';
    const isOnTop = place === 'top' || place === 'both';
    const choice = { delta: {}, finish_reason: output.finish, ...(isInChoice ? { usage } : {}) };
    const top = isOnTop ? { usage } : {};
    const frames = this.#indices().map((index) =>
      this.#chunk([{ index, ...choice }], { system_fingerprint: fingerprint, ...top }),
    );
    if (request.includeUsage && place !== 'none') {
      frames.push(this.#chunk([], { system_fingerprint: fingerprint, usage }));
    }
    return draft.noDone ? frames : [...frames, { data: '[DONE]' }];
  }

  #indices(): readonly number[] {
    return Array.from({ length: this.#reply.request.choices }, (_, index) => index);
  }

  #chunk(choices: readonly unknown[], extra: Readonly<Record<string, unknown>>): Frame {
    const usage = this.#reply.request.includeUsage ? { usage: null } : {};
    const { id, created, model } = this.#reply.envelope;
    return frame({ id, object: 'chat.completion.chunk', created, model, choices, ...usage, ...extra });
  }
}

function frame(value: unknown): Frame {
  return { data: JSON.stringify(value) };
}
