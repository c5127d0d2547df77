import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type Changes, configChanges } from './changes.ts';
import type { LoadedConfig } from './load.ts';

export interface ConfigChange extends Changes {
  readonly before: LoadedConfig;
  readonly after: LoadedConfig;
}

export interface WatchOptions {
  /** What the gateway runs with now. */
  readonly current: LoadedConfig;
  /** Reads everything again; throws where something is wrong. */
  readonly load: () => LoadedConfig;
  /** The configuration is another one now. Not called where a file changed and its meaning did not. */
  readonly onChange: (change: ConfigChange) => void;
  /** The new files are broken; the old configuration stays. */
  readonly onError: (error: GatewayError) => void;
  readonly clock: Clock;
  /** How long the files must be quiet before they are read: editors write in several steps. Default 200 ms. */
  readonly debounceMs?: number | undefined;
}

export interface ConfigWatch {
  /** What holds now. */
  readonly current: LoadedConfig;
  /** Reads again at once, e.g. on SIGHUP; undefined where nothing changed or the new files are broken. */
  reload(): ConfigChange | undefined;
  close(): void;
}

const DEBOUNCE_MS = 200;

/** Kubernetes changes mounted files by exchanging this link; the files themselves never report. */
const MOUNT_LINK = '..data';

export function watchConfig(options: WatchOptions): ConfigWatch {
  let current = options.current;
  let closed = false;
  let cancel: (() => void) | undefined;
  const watchers = new Map<string, FSWatcher>();

  const reload = (): ConfigChange | undefined => {
    cancel?.();
    cancel = undefined;
    try {
      const after = options.load();
      const before = current;
      const changes = configChanges(before.config, after.config);
      const change = changes.changed.length === 0 ? undefined : { ...changes, before, after };
      if (change !== undefined) options.onChange(change);
      // Only now: where the gateway could not take the new one over, the old one still holds.
      current = after;
      watchFolders();
      return change;
    } catch (error) {
      options.onError(GatewayError.from(error));
      return undefined;
    }
  };

  const touched = (folder: string, name: string | null): void => {
    const isOurs = current.watched.some((path) => dirname(path) === folder && basename(path) === name);
    if (closed || (name !== null && name !== MOUNT_LINK && !isOurs)) return;
    cancel?.();
    cancel = options.clock.after(options.debounceMs ?? DEBOUNCE_MS, reload);
  };

  // Folders, not files: an editor that saves by renaming would leave us watching the file that it threw away.
  const watchFolders = (): void => {
    const wanted = new Set(closed ? [] : current.watched.map((path) => dirname(path)));
    for (const [folder, watcher] of watchers) {
      if (wanted.delete(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      const watcher = openWatcher(folder, (name) => touched(folder, name), options.onError);
      if (watcher !== undefined) watchers.set(folder, watcher);
    }
  };
  watchFolders();

  return {
    get current() {
      return current;
    },
    reload,
    close() {
      closed = true;
      cancel?.();
      watchFolders();
    },
  };
}

function openWatcher(
  folder: string,
  onTouch: (name: string | null) => void,
  onError: (error: GatewayError) => void,
): FSWatcher | undefined {
  const report = (cause: unknown) => {
    // Running without watching is better than not running: SIGHUP still works.
    const message = `${folder} cannot be watched for changes; send SIGHUP after changing the configuration`;
    onError(new GatewayError('config_invalid', { message, cause }));
  };
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => onTouch(name));
    watcher.on('error', report);
    return watcher;
  } catch (error) {
    report(error);
    return undefined;
  }
}
