import { styleText } from 'node:util';
import type { Language, Phrase } from '../language.ts';
import { phrase } from '../language.ts';
import { LiveMarkdown, type MarkdownParts } from '../markdown/live-markdown.ts';
import { plainText } from '../plain-text.ts';
import type { AnswerEvent, EndEvent, ServedEvent } from './ask.ts';
import { tokensOf } from './totals.ts';

export interface AnswerViewOptions {
  readonly out: NodeJS.WriteStream;
  /** Show the reasoning before the answer. */
  readonly reasoning: boolean;
  /** Nothing but the text of the answer, byte for byte: somebody's program reads it. */
  readonly bare: boolean;
  /** Renders the answer; undefined: it is shown as it comes. */
  readonly markdown?: MarkdownParts | undefined;
  readonly language: Language;
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
  #markdown: LiveMarkdown | undefined;

  constructor(options: AnswerViewOptions) {
    this.#options = options;
  }

  show(event: AnswerEvent): void {
    if (event.kind === 'served') this.served = event;
    else if (event.kind === 'end') this.end = event;
    else if (event.kind === 'reasoning') this.#reasoning(event.text);
    else if (event.kind === 'searched') this.#searched(event.text);
    else this.#text(event.text);
  }

  /** Ends the line that is open, and says what a reader should know of the answer. */
  close(): void {
    this.#endText();
    if (this.#options.bare || this.end === undefined) return;
    this.#line('dim', this.#summary(this.end));
    const { notes } = this.served ?? {};
    if (notes !== undefined) this.#line('dim', plainText(notes));
  }

  /** What is worth a warning in a complete answer. */
  get notice(): Phrase | undefined {
    const { finishReason: reason, message } = this.end ?? {};
    if (reason === 'length') return TOO_LONG;
    if (reason === 'content_filter') return FILTERED;
    if (this.end !== undefined && this.text === '' && (message?.tool_calls?.length ?? 0) === 0) return EMPTY;
    return undefined;
  }

  #reasoning(text: string): void {
    if (this.#options.bare) return;
    if (this.#options.reasoning) this.#write(styled('dim', plainText(text), this.#options.out), text);
    else if (this.#place === 'start')
      this.#write(styled('dim', phrase(THINKING, this.#options.language), this.#options.out), '…');
    this.#place = 'reasoning';
  }

  #searched(query: string): void {
    if (this.#options.bare) return;
    this.#endText();
    this.#line('dim', plainText(`${phrase(SEARCHED, this.#options.language)} ${query}`));
    this.#place = 'reasoning';
  }

  #text(text: string): void {
    this.text += text;
    if (this.#options.bare) {
      this.#write(text, text);
      return;
    }
    if (this.#place === 'reasoning') {
      this.#endText();
      this.#options.out.write('\n');
    }
    this.#place = 'text';
    const { markdown, out } = this.#options;
    if (markdown === undefined) {
      this.#write(plainText(text), text);
      return;
    }
    this.#markdown ??= new LiveMarkdown(out, markdown);
    this.#markdown.push(text);
  }

  /** What comes next begins a line of its own. */
  #endText(): void {
    this.#markdown?.end();
    this.#markdown = undefined;
    this.#endLine();
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
    const say = (words: Phrase) => phrase(words, this.#options.language);
    const { input, cached, output } = tokensOf(usage);
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    const inCache = cached > 0 ? say({ en: ` (${cached} cached)`, zh: `（缓存 ${cached}）` }) : '';
    const parts = [
      asked === undefined ? (model ?? say({ en: 'unknown model', zh: '未知模型' })) : `${model} (${asked}: ${because})`,
      surface,
      usage &&
        say({
          en: `${input} tokens in${inCache}, ${output} out`,
          zh: `输入 ${input} tokens${inCache}，输出 ${output}`,
        }),
      `${seconds} s`,
      repairs.length === 0
        ? undefined
        : say({ en: `repairs: ${repairs.join(', ')}`, zh: `修正：${repairs.join('、')}` }),
    ];
    return plainText(parts.filter((part) => part !== undefined).join(' · '));
  }
}

const THINKING: Phrase = { en: 'thinking…', zh: '思考中…' };
const SEARCHED: Phrase = { en: 'searched:', zh: '搜索：' };
const TOO_LONG: Phrase = {
  en: 'The answer is not complete: it reached the token limit (finish_reason length).',
  zh: '回答不完整：达到了 token 上限（finish_reason length）。',
};
const FILTERED: Phrase = { en: 'The content filter ended the answer.', zh: '回答被内容过滤中止。' };
const EMPTY: Phrase = { en: 'The answer is empty.', zh: '回答为空。' };

/** Coloured where the stream shows colours: a terminal, and no NO_COLOR. */
export function styled(
  format: 'dim' | 'red' | 'yellow' | 'bold' | 'cyan',
  text: string,
  stream: NodeJS.WriteStream,
): string {
  return styleText(format, text, { stream, validateStream: true });
}
