import type { ChatChunk, ChatCompletion } from '../chat/chat.ts';
import { toErrorBody } from '../errors.ts';
import { splitEvents } from '../stream/sse-reader.ts';
import { DONE_EVENT, KEEP_ALIVE_COMMENT, writeEvent } from '../stream/sse-writer.ts';
import { type LegacyPrompt, readLegacyPrompt } from './legacy-prompt.ts';
import type { Decoded, Protocol } from './protocol.ts';

interface TextChoice {
  readonly text: string;
  readonly index: number;
  readonly logprobs: null;
  readonly finish_reason: string | null;
}

/**
 * OpenAI's text completions, which older clients still speak (platform.openai.com/docs/api-reference/completions, legacy).
 * A prompt becomes the one user message; what the model thinks is not part of its text. One object for each request,
 * because `echo` needs the prompts again.
 */
export class LegacyCompletions implements Protocol {
  readonly keepAlive = KEEP_ALIVE_COMMENT;
  readonly errorBody = toErrorBody;
  #prompt: LegacyPrompt | undefined;

  decode(body: Buffer): Decoded {
    const prompt = readLegacyPrompt(body);
    this.#prompt = prompt;
    const { prompts, choices, shared } = prompt;
    // One choice for each call: Kimi gives no more, and so the choices come in the order that the client expects.
    const bodies = prompts.flatMap((content) =>
      Array.from({ length: choices }, () =>
        Buffer.from(JSON.stringify({ ...shared, messages: [{ role: 'user', content }] })),
      ),
    );
    const [first = Buffer.alloc(0), ...further] = bodies;
    return { body: first, further };
  }

  whole(completion: Buffer): Buffer {
    const { id, created, model, choices, usage, system_fingerprint } = JSON.parse(
      completion.toString(),
    ) as ChatCompletion;
    return Buffer.from(
      JSON.stringify({
        ...{ id, object: 'text_completion', created, model },
        choices: (choices ?? []).map(({ index = 0, message, finish_reason }) =>
          choice(index, this.#echoed(index) + textOf(message?.content), finish_reason ?? 'stop'),
        ),
        ...(usage === undefined ? {} : { usage }),
        ...(system_fingerprint === undefined ? {} : { system_fingerprint }),
      }),
    );
  }

  async *stream(events: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const begun = new Set<number>();
    for await (const run of events) {
      const out = splitEvents(run).flatMap(({ data }) => {
        const chunk = data === undefined ? undefined : this.#chunk(JSON.parse(data) as ChatChunk, begun);
        return chunk === undefined ? [] : [writeEvent(chunk)];
      });
      if (out.length > 0) yield Buffer.concat(out);
    }
    yield DONE_EVENT;
  }

  errorEvent(error: Parameters<Protocol['errorEvent']>[0]): Buffer {
    return writeEvent(toErrorBody(error));
  }

  status(error: Parameters<Protocol['status']>[0]): number {
    return error.status;
  }

  /** Undefined where there is nothing to say: the model thinks. */
  #chunk({ id, created, model, choices, usage }: ChatChunk, begun: Set<number>) {
    const said: TextChoice[] = [];
    for (const { index = 0, delta, finish_reason } of choices ?? []) {
      const text = textOf(delta?.content);
      if (text === '' && !finish_reason) continue;
      said.push(choice(index, (begun.has(index) ? '' : this.#echoed(index)) + text, finish_reason ?? null));
      begun.add(index);
    }
    const isUsage = choices?.length === 0 && usage;
    if (said.length === 0 && !isUsage) return undefined;
    return { id, object: 'text_completion', created, model, choices: said, ...(usage ? { usage } : {}) };
  }

  /** The choices of the first prompt come first. */
  #echoed(index: number): string {
    const { echo = false, prompts = [], choices = 1 } = this.#prompt ?? {};
    return echo ? (prompts[Math.floor(index / choices)] ?? '') : '';
  }
}

const textOf = (content: unknown): string => (typeof content === 'string' ? content : '');

function choice(index: number, text: string, reason: string | null): TextChoice {
  return { text, index, logprobs: null, finish_reason: reason };
}
