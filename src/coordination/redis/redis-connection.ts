import { createHash } from 'node:crypto';
import { createClient } from '@redis/client';

export interface Script {
  readonly name: string;
  readonly text: string;
}

export interface ConnectionEvents {
  /** The server can be asked, for the first time or again. */
  ready(): void;
  lost(cause: Error): void;
}

const CONNECT_MS = 2_000;
/** A server that is silent for this long, pings included, is taken for lost. */
const SILENT_MS = 2_500;
const PING_MS = 1_000;
const LONGEST_PAUSE_MS = 2_000;

type Client = ReturnType<typeof newClient>;

function newClient(url: string) {
  return createClient({
    url,
    name: 'moongate',
    // What cannot be asked now is answered by this process alone; it must not wait.
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    maintNotifications: 'disabled',
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      reconnectStrategy: (retries) => Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(retries, 6)),
    },
  });
}

/** Two connections to one server, one for commands and one that listens. They come back by themselves. */
export class RedisConnection {
  readonly #commands: Client;
  readonly #listening: Client;
  readonly #shas = new Map<string, string>();

  constructor(url: string, events: ConnectionEvents) {
    // `valkey://` is what its own tools write.
    const plain = url.replace(/^valkey/, 'redis');
    this.#commands = newClient(plain);
    this.#listening = newClient(plain);
    this.#commands.on('ready', () => events.ready());
    this.#commands.on('error', (cause: Error) => events.lost(cause));
    this.#listening.on('ready', () => events.ready());
    this.#listening.on('error', (cause: Error) => events.lost(cause));
    // They try for ever; only closing ends them.
    this.#commands.connect().catch(() => {});
    this.#listening.connect().catch(() => {});
  }

  get ready(): boolean {
    return this.#commands.isReady && this.#listening.isReady;
  }

  async run({ name, text }: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const sha = this.#shas.get(name) ?? createHash('sha1').update(text).digest('hex');
    this.#shas.set(name, sha);
    const given = { keys: [...keys], arguments: [...args] };
    try {
      return await this.#commands.evalSha(sha, given);
    } catch (cause) {
      if (!(cause instanceof Error && cause.message.startsWith('NOSCRIPT'))) throw cause;
      return this.#commands.eval(text, given);
    }
  }

  send(...command: string[]): Promise<unknown> {
    return this.#commands.sendCommand(command);
  }

  /** Before the first connection it is asked for when that is there. */
  async listen(channel: string, told: (message: string) => void): Promise<void> {
    await this.#listening.subscribe(channel, told);
  }

  async unlisten(channel: string): Promise<void> {
    await this.#listening.unsubscribe(channel);
  }

  close(): void {
    for (const client of [this.#commands, this.#listening]) if (client.isOpen) client.destroy();
  }
}
