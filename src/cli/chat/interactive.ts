import { join } from 'node:path';
import { GatewayError } from '../../errors.ts';
import type { Terminal } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import { plainText } from '../plain-text.ts';
import { AnswerView, styled } from './answer-view.ts';
import { ask } from './ask.ts';
import type { Conversation } from './conversation.ts';
import { LineEditor } from './line-editor.ts';
import { type ChatControls, completeSlash, isQuit, runSlashCommand } from './slash-commands.ts';

export interface InteractiveOptions {
  readonly terminal: Terminal;
  readonly endpoint: Endpoint;
  readonly conversation: Conversation;
  readonly stream: boolean;
  /** The folder of the history; undefined: typed lines are not kept. */
  readonly data: string | undefined;
}

/** The chat of a person at a terminal. Resolves when they leave. */
export async function chatInteractively(options: InteractiveOptions): Promise<void> {
  await new InteractiveChat(options).run();
}

class InteractiveChat implements ChatControls {
  readonly conversation: Conversation;
  readonly endpoint: Endpoint;
  showReasoning = true;
  readonly #terminal: Terminal;
  readonly #stream: boolean;
  readonly #editor: LineEditor;
  /** The answer that is under way. */
  #running: AbortController | undefined;
  #wantsToLeave = false;

  constructor({ terminal, endpoint, conversation, stream, data }: InteractiveOptions) {
    this.conversation = conversation;
    this.endpoint = endpoint;
    this.#terminal = terminal;
    this.#stream = stream;
    this.#editor = new LineEditor({
      terminal,
      historyFile: data === undefined ? undefined : join(data, 'chat-history'),
      complete: completeSlash,
      onInterrupt: () => this.#interrupt(),
    });
  }

  async run(): Promise<void> {
    const { endpoint, conversation } = this;
    this.say(`moongate chat, ${endpoint.label}. /help lists the commands, Ctrl-D leaves.`);
    for (const warning of endpoint.warnings) this.#warn(warning);
    for (;;) {
      const { stdout } = this.#terminal;
      const input = await this.#editor.read(`${styled('bold', `${conversation.model}>`, stdout)} `);
      if (input === undefined) stdout.write('\n');
      if (input === undefined || isQuit(input)) break;
      this.#wantsToLeave = false;
      await this.#serve(input);
    }
    this.#editor.close();
  }

  readonly say = (text: string): void => {
    this.#terminal.stdout.write(`${styled('dim', plainText(text), this.#terminal.stdout)}\n`);
  };

  async ask(question: string): Promise<void> {
    const { conversation, endpoint } = this;
    const running = new AbortController();
    this.#running = running;
    const view = new AnswerView({ out: this.#terminal.stdout, reasoning: this.showReasoning, bare: false });
    try {
      const asked = { model: conversation.model, messages: conversation.messages(question), stream: this.#stream };
      for await (const event of ask(endpoint, asked, running.signal)) view.show(event);
      view.close();
      conversation.answered(question, view.text);
      if (view.notice !== undefined) this.#warn(view.notice);
    } catch (thrown) {
      view.close();
      if (!running.signal.aborted) {
        conversation.failed(question);
        throw thrown;
      }
      // What was said before the stop is part of the dialogue, as both have seen it.
      conversation.answered(question, view.text);
      this.#warn('The answer was stopped.');
    } finally {
      this.#running = undefined;
    }
  }

  async #serve(input: string): Promise<void> {
    if (input.trim() === '') return;
    try {
      if (input.startsWith('//')) await this.ask(input.slice(1));
      else if (input.startsWith('/')) await runSlashCommand(this, input);
      else await this.ask(input);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(thrown: unknown): void {
    const { stderr } = this.#terminal;
    const error = GatewayError.from(thrown);
    const why = error.code === 'internal' && error.cause instanceof Error ? error.cause.message : error.message;
    stderr.write(`${styled('red', plainText(why), stderr)}\n`);
    if (error.hint !== undefined) stderr.write(`${styled('dim', plainText(error.hint), stderr)}\n`);
  }

  #warn(text: string): void {
    this.#terminal.stdout.write(`${styled('yellow', plainText(text), this.#terminal.stdout)}\n`);
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
    this.say('Ctrl-C again leaves, and so does Ctrl-D.');
    this.#editor.redraw();
  }
}
