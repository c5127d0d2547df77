import { post } from '../setup.ts';
import { textOf } from './answers.ts';
import { type Acknowledged, checkConversation, type StoredMessage } from './model-checker.ts';

export interface WritersOptions {
  readonly writers: number;
  readonly conversations: number;
  /** Turns of each writer; undefined: until `stop`. */
  readonly turns?: number;
  /** Where a writer sends its next try. */
  url(writer: number, attempt: number): string;
}

const RETRY_MS = 15;

/** Clients that write into the same conversations at once, each turn until its whole answer is there. */
export class Writers {
  readonly acknowledged: Acknowledged[] = [];
  /** Why tries were in vain: statuses, codes of errors, `gone` for a broken connection. */
  readonly refusals = new Map<string, number>();
  readonly done: Promise<void>;
  readonly #options: WritersOptions;
  #isOver = false;

  constructor(options: WritersOptions) {
    this.#options = options;
    this.done = Promise.all(Array.from({ length: options.writers }, (_, at) => this.#write(at))).then(() => {});
  }

  /** Every writer ends the turn that it is at. */
  stop(): Promise<void> {
    this.#isOver = true;
    return this.done;
  }

  /** Reads every conversation back and checks it; the number of turns. */
  async check(url: string): Promise<number> {
    let turns = 0;
    for (let at = 0; at < this.#options.conversations; at++) {
      const name = `c${at}`;
      const stored = (await (await fetch(`${url}/v1/conversations/${name}`)).json()) as { messages: StoredMessage[] };
      const mine = this.acknowledged.filter(({ conversation }) => conversation === name);
      checkConversation(name, stored.messages, mine);
      turns += stored.messages.length / 2;
    }
    return turns;
  }

  async #write(writer: number): Promise<void> {
    const conversation = `c${writer % this.#options.conversations}`;
    for (let turn = 0; turn < (this.#options.turns ?? Number.POSITIVE_INFINITY) && !this.#isOver; turn++) {
      await this.#say(writer, conversation, `turn ${turn} of writer ${writer}`);
    }
  }

  async #say(writer: number, conversation: string, said: string): Promise<void> {
    const sentAt = performance.now();
    for (let attempt = 0; ; attempt++) {
      const body = {
        model: 'kimi-k2.6',
        stream: (writer + attempt) % 2 === 0,
        messages: [{ role: 'user', content: said }],
      };
      const path = `${this.#options.url(writer, attempt)}/v1/chat/completions/${conversation}`;
      try {
        const answer = await textOf(await fetch(path, post(body, { headers: { 'idempotency-key': said } })));
        this.acknowledged.push({ conversation, said, answer, sentAt, ackedAt: performance.now() });
        return;
      } catch (thrown) {
        if (thrown instanceof Error && /^4(?!09)\d\d /.test(thrown.message)) throw thrown;
        const why = thrown instanceof Error ? (/^(\d{3} \w+):/.exec(thrown.message)?.[1] ?? 'gone') : 'gone';
        this.refusals.set(why, (this.refusals.get(why) ?? 0) + 1);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
