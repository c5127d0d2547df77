import { styleText } from 'node:util';
import { plainText } from '../plain-text.ts';
import type { AnswerEvent, EndEvent, ServedEvent } from './ask.ts';

export interface AnswerViewOptions {
  readonly out: NodeJS.WriteStream;
  /** Show the reasoning before the answer. */
  readonly reasoning: boolean;
  /** Nothing but the text of the answer, byte for byte: somebody's program reads it. */
  readonly bare: boolean;
}

/** Shows one answer as it arrives. */
export class AnswerView {
  text = '';
  served: ServedEvent | undefined;
  end: EndEvent | undefined;
  readonly #options: AnswerViewOptions;
  readonly #startedAt = performance.now();
  /** What the cursor stands behind. */
  #place: 'start' | 'reasoning' | 'text' = 'start';
  #isLineOpen = false;

  constructor(options: AnswerViewOptions) {
    this.#options = options;
  }

  show(event: AnswerEvent): void {
    if (event.kind === 'served') this.served = event;
    else if (event.kind === 'end') this.end = event;
    else if (event.kind === 'reasoning') this.#reasoning(event.text);
    else this.#text(event.text);
  }

  /** Ends the line that is open, and says what a reader should know of the answer. */
  close(): void {
    this.#endLine();
    if (!this.#options.bare && this.end !== undefined) this.#line('dim', this.#summary(this.end));
  }

  /** What is worth a warning in a complete answer. */
  get notice(): string | undefined {
    const reason = this.end?.finishReason;
    if (reason === 'length') return 'The answer is not complete: it reached the token limit (finish_reason length).';
    if (reason === 'content_filter') return 'The content filter ended the answer.';
    if (this.end !== undefined && this.text === '') return 'The answer is empty.';
    return undefined;
  }

  #reasoning(text: string): void {
    if (this.#options.bare) return;
    if (this.#options.reasoning) this.#write(styled('dim', plainText(text), this.#options.out), text);
    else if (this.#place === 'start') this.#write(styled('dim', 'thinking…', this.#options.out), '…');
    this.#place = 'reasoning';
  }

  #text(text: string): void {
    this.text += text;
    if (this.#options.bare) {
      this.#write(text, text);
      return;
    }
    if (this.#place === 'reasoning') {
      this.#endLine();
      this.#options.out.write('\n');
    }
    this.#place = 'text';
    this.#write(plainText(text), text);
  }

  #write(text: string, original: string): void {
    this.#options.out.write(text);
    this.#isLineOpen = !original.endsWith('\n');
  }

  #endLine(): void {
    if (this.#isLineOpen) this.#options.out.write('\n');
    this.#isLineOpen = false;
  }

  #line(format: 'dim' | 'yellow', text: string): void {
    this.#options.out.write(`${styled(format, text, this.#options.out)}\n`);
  }

  #summary({ model, usage }: EndEvent): string {
    const { asked, because, surface, repairs = [] } = this.served ?? {};
    const cached = usage?.prompt_tokens_details?.cached_tokens ?? usage?.cached_tokens ?? 0;
    const parts = [
      asked === undefined ? (model ?? 'unknown model') : `${model} (${asked}: ${because})`,
      surface,
      usage === undefined
        ? undefined
        : `${usage.prompt_tokens} tokens in${cached > 0 ? ` (${cached} cached)` : ''}, ${usage.completion_tokens} out`,
      `${((performance.now() - this.#startedAt) / 1000).toFixed(1)} s`,
      repairs.length === 0 ? undefined : `repairs: ${repairs.join(', ')}`,
    ];
    return plainText(parts.filter((part) => part !== undefined).join(' · '));
  }
}

/** Coloured where the stream shows colours: a terminal, and no NO_COLOR. */
export function styled(
  format: 'dim' | 'red' | 'yellow' | 'bold' | 'cyan',
  text: string,
  stream: NodeJS.WriteStream,
): string {
  return styleText(format, text, { stream, validateStream: true });
}
