import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import { FileAccounts } from '../files/accounts.ts';
import { BatchService } from '../files/batch-service.ts';
import { ChatFiles } from '../files/chat-files.ts';
import { DocumentTexts } from '../files/document-texts.ts';
import { FileService } from '../files/file-service.ts';
import { Keeper } from '../files/keeper.ts';
import type { Owners } from '../files/owners.ts';
import { StoredOwners } from '../files/stored-owners.ts';
import type { Log } from '../log.ts';
import type { Names } from '../models/resolve.ts';
import type { ChatParts } from '../pipeline/answer-chat.ts';
import { repairBatchLine } from '../pipeline/batch-line.ts';
import type { State } from '../state.ts';
import type { Surface } from '../upstreams/surface.ts';

export interface ShelfParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly state: State;
  readonly pool: CredentialPool;
  readonly surfaces: ReadonlyMap<string, Surface>;
  /** What requests are repaired with, and what their names mean; asked when a file of them comes. */
  chat(): ChatParts;
  names(): Names;
}

/** Everything about files, for one configuration. Who owns them outlives it. */
export class FileShelf {
  readonly files: FileService;
  readonly batches: BatchService;
  readonly chat: ChatFiles;
  readonly #owners: Owners;

  constructor({ config, clock, log, state, pool, surfaces, chat, names }: ShelfParts, before?: FileShelf) {
    this.#owners = before ? before.#owners : new StoredOwners(state.database, clock, log);
    const route = () => config.routes.default.flatMap((id) => surfaces.get(id) ?? []);
    const accounts = new FileAccounts({ clock, pool, surfaces: route, queueMs: config.timeouts.queue_ms });
    const keeper = new Keeper(accounts, this.#owners, config.files.unowned);
    this.files = new FileService(keeper, config.files.max_bytes, (surface, owner, strict) => {
      if (config.files.batch_lines === 'as_is') return undefined;
      const parts = { chat: chat(), names: names(), surface, owner, strict };
      return (line) => repairBatchLine(line, parts);
    });
    this.batches = new BatchService(keeper);
    this.chat = new ChatFiles(keeper, new DocumentTexts(this.files, config.files.text_bytes));
  }
}
