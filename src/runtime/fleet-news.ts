import type { Clock } from '../clock.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { allNews, newsBetween, type PoolKnowledge, type PoolNews } from '../credentials/pool-news.ts';
import type { Log } from '../log.ts';
import type { Coordination } from '../state.ts';

export interface NewsParts {
  readonly pool: CredentialPool;
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly log: Log;
  /** Another replica has stored a credential, or taken one out. */
  storedAnew(): void;
  /** Another replica has switched a credential on or off. */
  switched(): void;
}

interface Message {
  /** Which process, in which configuration. */
  readonly from: string;
  /** Who has come, or has missed something, wants to know everything. */
  readonly asks?: boolean;
  readonly news?: PoolNews;
  /** What is stored of added credentials is to be read again. */
  readonly storedAnew?: boolean;
}

const CHANNEL = 'credentials';
/** What happens together is told together. */
const SOON_MS = 10;
/** An answer to who asks waits until whoever asks can hear it. */
const ANSWER_MS = 100;

/** Tells other replicas who rests and what was learned of accounts, and hears it from them. */
export class FleetNews {
  readonly #parts: NewsParts;
  readonly #self: string;
  /** What the others know, from here or by themselves. */
  #told: PoolKnowledge;
  #cancelNews: (() => void) | undefined;
  #cancelAnswer: (() => void) | undefined;
  #leave: () => void = () => {};
  /** What ends behind the closing, or is heard by then, is told to nobody. */
  #isClosed = false;

  constructor(parts: NewsParts) {
    this.#parts = parts;
    this.#self = parts.clock.id();
    this.#told = parts.pool.knowledge();
  }

  start(): void {
    this.#leave = this.#parts.coordination.subscribe(CHANNEL, {
      message: (text) => this.#heard(text),
      gap: () => {
        this.#parts.storedAnew();
        this.#answer();
        void this.#publish({ asks: true });
      },
    });
    void this.#publish({ asks: true });
  }

  /** Somebody may have begun to rest, or have ceased to. */
  changed(): void {
    if (this.#isClosed) return;
    this.#cancelNews ??= this.#parts.clock.after(SOON_MS, () => void this.#tell());
  }

  /** A credential was stored or taken out here. */
  storedAnew(): void {
    void this.#publish({ storedAnew: true });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#leave();
    this.#cancelAnswer?.();
    if (this.#cancelNews) await this.#tell();
  }

  async #tell(): Promise<void> {
    this.#cancelNews?.();
    this.#cancelNews = undefined;
    const { pool, clock } = this.#parts;
    const knowledge = pool.knowledge();
    const news = newsBetween(this.#told, knowledge, clock.now());
    this.#told = knowledge;
    if (news) await this.#publish({ news });
  }

  #answer(): void {
    if (this.#isClosed) return;
    const { pool, clock } = this.#parts;
    this.#cancelAnswer ??= clock.after(ANSWER_MS, () => {
      this.#cancelAnswer = undefined;
      void this.#publish({ news: allNews(pool.knowledge(), clock.now()) });
    });
  }

  #heard(text: string): void {
    if (this.#isClosed) return;
    const { pool, log } = this.#parts;
    try {
      const { from, asks, news, storedAnew } = JSON.parse(text) as Message;
      if (from === this.#self) return;
      if (storedAnew === true) this.#parts.storedAnew();
      if (asks === true) this.#answer();
      if (!news) return;
      // What was met here before goes out first; what comes now need not go back.
      void this.#tell();
      const { disabled } = this.#told;
      pool.hear(news);
      this.#told = pool.knowledge();
      if (this.#told.disabled.join() !== disabled.join()) this.#parts.switched();
    } catch (cause) {
      log.warn(
        { why: cause instanceof Error ? cause.message : String(cause) },
        'news of another replica is unreadable',
      );
    }
  }

  #publish(message: Omit<Message, 'from'>): Promise<void> {
    return this.#parts.coordination.publish(CHANNEL, JSON.stringify({ from: this.#self, ...message }));
  }
}
