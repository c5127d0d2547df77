import { cancel, intro, isCancel, log, note, outro, password, select, text } from '@clack/prompts';
import type { Terminal } from '../command.ts';
import { type Phrase, phrase } from '../language.ts';

/** Ctrl-C: nothing was written. */
export class Cancelled extends Error {}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: Phrase;
}

/** Questions at a terminal, one at a time. Every one of them throws Cancelled at Ctrl-C. */
export class Interview {
  readonly #terminal: Terminal;
  readonly #streams: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream };

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#streams = { input: terminal.stdin, output: terminal.stdout };
  }

  say(words: Phrase): string {
    return phrase(words, this.#terminal.language);
  }

  begin(title: Phrase): void {
    intro(this.say(title), this.#streams);
  }

  tell(words: Phrase): void {
    log.message(this.say(words), this.#streams);
  }

  warn(words: Phrase): void {
    log.warn(this.say(words), this.#streams);
  }

  show(title: Phrase, content: Phrase): void {
    note(this.say(content), this.say(title), { ...this.#streams, format: (line) => line });
  }

  end(words: Phrase): void {
    outro(this.say(words), this.#streams);
  }

  giveUp(words: Phrase): void {
    cancel(this.say(words), this.#streams);
  }

  /** Masked; empty for Enter alone. `problem` refuses what was typed. */
  async secret(question: Phrase, problem: (value: string) => Phrase | undefined): Promise<string> {
    return this.#answer(
      await password({
        message: this.say(question),
        validate: (value) => this.#refusal(problem(value ?? '')),
        // A refused paste would otherwise have to be deleted character by character.
        clearOnError: true,
        ...this.#streams,
      }),
    );
  }

  async text(question: Phrase, placeholder: string, problem: (value: string) => Phrase | undefined): Promise<string> {
    const answer = await text({
      message: this.say(question),
      placeholder,
      defaultValue: placeholder,
      validate: (value) => this.#refusal(problem(value === undefined || value === '' ? placeholder : value)),
      ...this.#streams,
    });
    return this.#answer(answer);
  }

  async choose<Value extends string>(question: Phrase, choices: readonly Choice<Value>[]): Promise<Value> {
    const options = choices.map(({ value, label }) => ({ value: value as string, label: this.say(label) }));
    const answer = this.#answer(
      await select<string>({ message: this.say(question), options, showInstructions: false, ...this.#streams }),
    );
    const chosen = choices.find(({ value }) => value === answer);
    if (chosen === undefined) throw new Cancelled();
    return chosen.value;
  }

  #refusal(words: Phrase | undefined): string | undefined {
    return words === undefined ? undefined : this.say(words);
  }

  #answer(value: string | symbol): string {
    if (isCancel(value)) throw new Cancelled();
    return String(value ?? '');
  }
}
