import { join } from 'node:path';
import type { ChatMessage } from '../../chat/chat.ts';
import type { Terminal } from '../command.ts';
import { describeFailure } from '../describe-failure.ts';
import { type Language, type Phrase, phrase } from '../language.ts';
import { loadMarkdown, type MarkdownParts } from '../markdown/live-markdown.ts';
import { plainText } from '../plain-text.ts';
import { whileWaiting } from '../progress.ts';
import { styled } from './answer-view.ts';
import type { Question } from './ask.ts';
import type { ChatSession } from './chat-session.ts';
import { LineEditor } from './line-editor.ts';
import { completeSlash, isQuit, runSlashCommand } from './slash/index.ts';
import type { ChatControls } from './slash/slash-command.ts';
import { takeTurn } from './take-turn.ts';

export interface InteractiveOptions {
  readonly terminal: Terminal;
  readonly session: ChatSession;
  readonly stream: boolean;
  /** Answers are shown as Markdown, where the terminal has colours. */
  readonly markdown: boolean;
  /** The folder of the history; undefined: typed lines are not kept. */
  readonly data: string | undefined;
  /** Said once the chat has begun. */
  readonly greeting: readonly Phrase[];
}

/** The chat of a person at a terminal. Resolves when they leave. */
export async function chatInteractively(options: InteractiveOptions): Promise<void> {
  await new InteractiveChat(options).run();
}

class InteractiveChat implements ChatControls {
  readonly session: ChatSession;
  readonly language: Language;
  readonly stream: boolean;
  showReasoning = true;
  readonly #terminal: Terminal;
  readonly #options: InteractiveOptions;
  readonly #editor: LineEditor;
  #markdown: Promise<MarkdownParts> | undefined;
  /** The answer that is under way. */
  #running: AbortController | undefined;
  #wantsToLeave = false;

  constructor(options: InteractiveOptions) {
    const { terminal, session, stream, data } = options;
    this.session = session;
    this.stream = stream;
    this.language = terminal.language;
    this.#terminal = terminal;
    this.#options = options;
    this.#editor = new LineEditor({
      terminal,
      historyFile: data === undefined ? undefined : join(data, 'chat-history'),
      complete: (line) => completeSlash(line, session),
      onInterrupt: () => this.#interrupt(),
    });
  }

  async run(): Promise<void> {
    const { endpoint, choices } = this.session;
    this.say({
      en: `moongate chat, ${phrase(endpoint.label, 'en')}. /help lists the commands, Ctrl-D leaves.`,
      zh: `moongate 聊天，${phrase(endpoint.label, 'zh')}。/help 列出命令，Ctrl-D 退出。`,
    });
    for (const warning of endpoint.warnings) this.warn(warning);
    for (const words of this.#options.greeting) this.say(words);
    for (;;) {
      const { stdout } = this.#terminal;
      const input = await this.#editor.read(`${styled('bold', `${choices.model}>`, stdout)} `);
      if (input === undefined) stdout.write('\n');
      if (input === undefined || isQuit(input)) break;
      this.#wantsToLeave = false;
      await this.#serve(input);
    }
    this.#editor.close();
  }

  readonly say = (words: Phrase): void => {
    this.#terminal.stdout.write(`${styled('dim', plainText(phrase(words, this.language)), this.#terminal.stdout)}\n`);
  };

  readonly warn = (words: Phrase): void => {
    this.#terminal.stdout.write(
      `${styled('yellow', plainText(phrase(words, this.language)), this.#terminal.stdout)}\n`,
    );
  };

  readonly agree = async (question: Phrase): Promise<boolean> => {
    const shown = styled('yellow', plainText(phrase(question, this.language)), this.#terminal.stdout);
    const answer = await this.#editor.ask(`${shown} `);
    return /^(?:y|yes|是|好)$/i.test(answer?.trim() ?? '');
  };

  waitFor<Result>(what: Phrase, work: Promise<Result>): Promise<Result> {
    return whileWaiting(this.#terminal, what, () => work);
  }

  async ask(question: ChatMessage, firstQuestion?: Question): Promise<void> {
    const { session, stream, showReasoning: reasoning } = this;
    const running = new AbortController();
    this.#running = running;
    try {
      const markdown = await this.#parts();
      const { signal } = running;
      await takeTurn(question, {
        ...{ session, voice: this, terminal: this.#terminal, stream, reasoning, markdown, signal, firstQuestion },
      });
    } finally {
      this.#running = undefined;
    }
  }

  /** Loaded for the first answer, so that the prompt is there at once. */
  async #parts(): Promise<MarkdownParts | undefined> {
    if (!this.#options.markdown) return undefined;
    this.#markdown ??= loadMarkdown();
    return this.#markdown;
  }

  async #serve(input: string): Promise<void> {
    const { session } = this;
    if (input.trim() === '') return;
    try {
      if (input.startsWith('/') && !input.startsWith('//')) await runSlashCommand(this, input);
      else await this.ask(session.takeMessage(input.startsWith('//') ? input.slice(1) : input));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(thrown: unknown): void {
    const { stderr } = this.#terminal;
    const { why, hint } = describeFailure(thrown, this.language);
    stderr.write(`${styled('red', plainText(why), stderr)}\n`);
    if (hint !== undefined) stderr.write(`${styled('dim', plainText(hint), stderr)}\n`);
  }

  /** Ctrl-C: stops the answer; without one the second in a row leaves. */
  #interrupt(): void {
    if (this.#running !== undefined) {
      this.#running.abort();
      return;
    }
    if (this.#wantsToLeave) {
      this.#editor.close();
      return;
    }
    this.#wantsToLeave = true;
    this.#terminal.stdout.write('\n');
    this.say({ en: 'Ctrl-C again leaves, and so does Ctrl-D.', zh: '再按一次 Ctrl-C 退出，Ctrl-D 也可以。' });
    this.#editor.redraw();
  }
}
