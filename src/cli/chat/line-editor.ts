import { createInterface, type Interface, type Key } from 'node:readline';
import type { Terminal } from '../command.ts';
import { HISTORY_LIMIT, readHistory, writeHistory } from './history-file.ts';
import { MutableOutput } from './mutable-output.ts';

export interface LineEditorOptions {
  readonly terminal: Terminal;
  /** Where typed lines are kept; undefined: nowhere. */
  readonly historyFile: string | undefined;
  /** The ways to go on with the end of a line, which is returned too. */
  readonly complete: (line: string) => Promise<[readonly string[], string]>;
  /** Ctrl-C while nothing is being typed. */
  readonly onInterrupt: () => void;
}

const CONTINUATION_PROMPT = '… ';
const PASTE_MODE_ON = '\u001b[?2004h';
const PASTE_MODE_OFF = '\u001b[?2004l';

/**
 * Reads inputs of one or more lines. A line that ends with a backslash goes on in the next; a pasted text stays one
 * input whatever its lines. What is typed while nobody reads is kept for the next read.
 */
export class LineEditor {
  readonly #output: MutableOutput;
  readonly #readline: Interface;
  readonly #options: LineEditorOptions;
  readonly #ready: string[] = [];
  /** The earlier lines of an input that is not complete. */
  #lines: string[] = [];
  #isPasting = false;
  #isClosed = false;
  #isAsking = false;
  #waiter: ((input: string | undefined) => void) | undefined;

  constructor(options: LineEditorOptions) {
    const { terminal, historyFile, complete } = options;
    this.#options = options;
    this.#output = new MutableOutput(terminal.stdout);
    this.#readline = createInterface({
      input: terminal.stdin,
      output: this.#output,
      terminal: true,
      history: historyFile === undefined ? [] : readHistory(historyFile),
      historySize: HISTORY_LIMIT,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (cause: null, found: [string[], string]) => void) => {
        void complete(line).then(([found, end]) => done(null, [[...found], end]));
      },
    });
    terminal.stdin.prependListener('keypress', this.#onKey);
    terminal.stdout.write(PASTE_MODE_ON);
    this.#readline.on('line', (line) => this.#onLine(line));
    this.#readline.on('SIGINT', () => this.#onInterrupt());
    this.#readline.on('close', () => this.#onClose());
    this.#readline.on('history', (lines) => this.#onHistory(lines, historyFile));
  }

  /** The next input; undefined when there will be none (Ctrl-D). */
  async read(prompt: string): Promise<string | undefined> {
    const ready = this.#ready.shift();
    if (ready !== undefined) {
      this.#options.terminal.stdout.write(`${prompt}${ready.replaceAll('\n', `\n${CONTINUATION_PROMPT}`)}\n`);
      return ready;
    }
    if (this.#isClosed) return undefined;
    return this.#wait(this.#lines.length > 0 ? CONTINUATION_PROMPT : prompt);
  }

  #wait(prompt: string): Promise<string | undefined> {
    this.#output.isMuted = false;
    this.#readline.setPrompt(prompt);
    this.#readline.prompt(true);
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#waiter = resolve;
    return promise;
  }

  /** An answer to a question is none of the lines that somebody wants to have again. */
  #onHistory(lines: string[], file: string | undefined): void {
    if (this.#isAsking) lines.shift();
    else if (file !== undefined) writeHistory(file, lines);
  }

  /** One line in answer to a question, whatever was typed before it came; undefined if there will be none. */
  async ask(question: string): Promise<string | undefined> {
    if (this.#isClosed) return undefined;
    this.#isAsking = true;
    try {
      return await this.#wait(question);
    } finally {
      this.#isAsking = false;
      this.#output.isMuted = true;
    }
  }

  /** Writes the prompt again, after something else was written. */
  redraw(): void {
    this.#readline.prompt(true);
  }

  close(): void {
    this.#readline.close();
  }

  readonly #onKey = (_text: string | undefined, key: Key): void => {
    if (key.name === 'paste-start') this.#isPasting = true;
    if (key.name === 'paste-end') this.#isPasting = false;
  };

  #onLine(line: string): void {
    if (!this.#isAsking && (this.#isPasting || line.endsWith('\\'))) {
      // A backslash in a pasted text is the text's own.
      this.#lines.push(this.#isPasting ? line : line.slice(0, -1));
      this.#readline.setPrompt(CONTINUATION_PROMPT);
      this.#readline.prompt();
      return;
    }
    if (this.#isAsking) {
      this.#deliver(line);
      return;
    }
    const input = [...this.#lines, line].join('\n');
    this.#lines = [];
    this.#deliver(input);
  }

  #deliver(input: string): void {
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#ready.push(input);
      return;
    }
    this.#waiter = undefined;
    this.#output.isMuted = true;
    waiter(input);
  }

  /** As in a shell: what is being typed is given up first. */
  #onInterrupt(): void {
    if (this.#isAsking) {
      this.#readline.write(null, { ctrl: true, name: 'u' });
      this.#options.terminal.stdout.write('\n');
      this.#deliver('');
      this.#options.onInterrupt();
      return;
    }
    const isTyping = this.#waiter !== undefined && (this.#readline.line !== '' || this.#lines.length > 0);
    if (!isTyping) {
      this.#options.onInterrupt();
      return;
    }
    this.#lines = [];
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#readline.write(null, { ctrl: true, name: 'u' });
    this.#deliver('');
    this.#options.terminal.stdout.write('\n');
  }

  #onClose(): void {
    this.#isClosed = true;
    this.#options.terminal.stdin.off('keypress', this.#onKey);
    this.#options.terminal.stdout.write(PASTE_MODE_OFF);
    this.#waiter?.(undefined);
    this.#waiter = undefined;
  }
}
