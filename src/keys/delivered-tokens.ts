import type { ChatChunk } from '../chat/chat.ts';
import { estimateTokens } from '../chat/estimate-tokens.ts';
import { splitEvents } from '../stream/sse-reader.ts';

/** What was delivered of a stream whose usage nobody told: cut, or left by its client. An estimate. */
export class DeliveredTokens {
  #tokens = 0;

  get tokens(): number {
    return Math.ceil(this.#tokens);
  }

  /** A run of whole events in OpenAI's grammar. */
  add(run: Buffer): void {
    for (const { data } of splitEvents(run)) {
      if (data === undefined) continue;
      for (const choice of chunkOf(data)?.choices ?? []) {
        const { content, reasoning_content, tool_calls } = choice?.delta ?? {};
        this.#weigh(content);
        this.#weigh(reasoning_content);
        if (tool_calls) this.#weigh(JSON.stringify(tool_calls));
      }
    }
  }

  #weigh(text: unknown): void {
    if (typeof text === 'string' && text !== '') this.#tokens += estimateTokens(Buffer.from(text));
  }
}

/** What is no JSON was not delivered as anything, either. */
function chunkOf(data: string): ChatChunk | undefined {
  try {
    return JSON.parse(data) as ChatChunk;
  } catch {
    return undefined;
  }
}
