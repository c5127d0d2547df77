import type { ChatChunk } from '../chat/chat.ts';
import { estimateTokens } from '../chat/estimate-tokens.ts';
import { splitEvents } from '../stream/sse-reader.ts';

/** What was delivered of a stream whose usage nobody told: cut, or left by its client. An estimate. */
export class DeliveredTokens {
  #tokens = 0;

  get tokens(): number {
    return Math.ceil(this.#tokens);
  }

  /** A run of whole events in OpenAI's grammar, or in Anthropic's where an answer passes untranslated. */
  add(run: Buffer): void {
    for (const { data } of splitEvents(run)) {
      if (data === undefined) continue;
      const { choices = [], delta } = eventOf(data);
      for (const choice of choices) {
        const { content, reasoning_content, tool_calls } = choice?.delta ?? {};
        this.#weigh(content);
        this.#weigh(reasoning_content);
        if (tool_calls) this.#weigh(JSON.stringify(tool_calls));
      }
      this.#weigh(delta?.text);
      this.#weigh(delta?.thinking);
      this.#weigh(delta?.partial_json);
    }
  }

  #weigh(text: unknown): void {
    if (typeof text === 'string' && text !== '') this.#tokens += estimateTokens(Buffer.from(text));
  }
}

interface EitherEvent extends Pick<ChatChunk, 'choices'> {
  readonly delta?: Readonly<Partial<Record<'text' | 'thinking' | 'partial_json', unknown>>>;
}

/** What is no JSON was not delivered as anything, either. */
function eventOf(data: string): EitherEvent {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}
