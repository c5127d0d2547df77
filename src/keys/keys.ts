import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { Coordination } from '../coordination/coordination.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/database.ts';
import { Budgets } from './budgets.ts';
import { KeyDesk } from './key-desk.ts';
import { Keyring } from './keyring.ts';

export interface KeysParts {
  readonly database: Database;
  readonly coordination: Coordination;
  readonly clock: Clock;
  readonly log: Log;
  /** What holds now. */
  readonly config: () => Config;
  /** Whether there can be issued keys already. */
  readonly mayHold: boolean;
}

/** All about inbound keys that outlives a change of the configuration. */
export class Keys {
  readonly ring: Keyring;
  readonly desk: KeyDesk;
  readonly budgets: Budgets;

  constructor(parts: KeysParts) {
    const { database, clock, log, config } = parts;
    this.ring = new Keyring(parts);
    this.budgets = new Budgets({ database, clock, log, settings: () => config().budgets });
    this.desk = new KeyDesk({
      database,
      clock,
      known: config,
      changed: (id, isGone) => this.ring.changed(id, isGone),
    });
  }

  async close(): Promise<void> {
    this.ring.close();
    await this.budgets.close();
  }
}
