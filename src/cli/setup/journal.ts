import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../command.ts';
import { type PlannedEdit, writeAll } from '../edit/planned-edit.ts';
import { readEditable, restore } from '../edit/text-file.ts';

/** What was changed for a client, so that it can be taken back. */
export interface JournalEntry {
  readonly path: string;
  /** The copy of what was there before; undefined where there was no file. */
  readonly backup: string | undefined;
  readonly mode: number;
  /** Of the text that was written: another one was changed by somebody else since. */
  readonly written: string;
}

/** How many copies are kept for one client. */
const BACKUPS_KEPT = 10;

/** Copies and records of what `moongate setup` wrote, in a folder of the home folder. */
export class Journal {
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, '.moongate', 'setup');
  }

  /** The clients that have been set up. */
  clients(): readonly string[] {
    try {
      return readdirSync(this.#folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && this.entry(entry.name) !== undefined)
        .map(({ name }) => name);
    } catch {
      return [];
    }
  }

  entry(client: string): JournalEntry | undefined {
    try {
      const value: unknown = JSON.parse(readFileSync(this.#record(client), 'utf8'));
      return isEntry(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** Writes the edit, after a copy of what was there. What this program wrote itself is not copied again. */
  write(client: string, edit: PlannedEdit): JournalEntry {
    const { file, after } = edit;
    const known = this.entry(client);
    const isOurs = known !== undefined && known.path === file.path && hash(file.text ?? '') === known.written;
    const before = isOurs ? known : { path: file.path, backup: this.#copy(client, file.text), mode: file.mode };
    const entry: JournalEntry = { path: before.path, backup: before.backup, mode: before.mode, written: hash(after) };
    // The record first: a file that was changed without one could not be taken back.
    this.#write(this.#record(client), `${JSON.stringify(entry, null, 2)}\n`);
    try {
      writeAll([edit]);
    } catch (thrown) {
      if (known === undefined) rmSync(this.#record(client), { force: true });
      else this.#write(this.#record(client), `${JSON.stringify(known, null, 2)}\n`);
      throw thrown;
    }
    return entry;
  }

  /** Puts back what was there before. Throws GatewayError where there is nothing to take back, or others changed it. */
  undo(client: string, force: boolean): JournalEntry {
    const entry = this.entry(client);
    if (entry === undefined) {
      throw new Failure(
        {
          en: `Nothing was set up for ${client} that could be taken back.`,
          zh: `没有为 ${client} 写过可以撤销的配置。`,
        },
        { code: 'config_invalid' },
      );
    }
    const file = readEditable(entry.path);
    if (!force && hash(file.text ?? '') !== entry.written) throw changedSince(client, entry);
    const text = entry.backup === undefined ? undefined : readEditable(entry.backup).text;
    if (text === undefined && entry.backup !== undefined) {
      throw new Failure(
        {
          en: `The copy ${entry.backup} is gone. Nothing was written.`,
          zh: `副本 ${entry.backup} 已不存在。没有写入任何内容。`,
        },
        { code: 'config_invalid' },
      );
    }
    restore({ ...file, text, mode: entry.mode });
    rmSync(this.#record(client), { force: true });
    return entry;
  }

  #record(client: string): string {
    return join(this.#folder, client, 'record.json');
  }

  #copy(client: string, text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const folder = join(this.#folder, client);
    const numbers = this.#backups(folder);
    const path = join(folder, `before-${(numbers.at(-1) ?? 0) + 1}`);
    this.#write(path, text);
    for (const number of numbers.slice(0, Math.max(0, numbers.length + 1 - BACKUPS_KEPT))) {
      rmSync(join(folder, `before-${number}`), { force: true });
    }
    return path;
  }

  #backups(folder: string): readonly number[] {
    try {
      const names = readdirSync(folder).filter((name) => /^before-\d+$/.test(name));
      return names.map((name) => Number(name.slice('before-'.length))).sort((left, right) => left - right);
    } catch {
      return [];
    }
  }

  /** The copies hold whatever keys the originals hold. */
  #write(path: string, text: string): void {
    try {
      mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
      writeFileSync(path, text, { mode: 0o600 });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Failure(
        { en: `No copy can be kept (${why}). Nothing was written.`, zh: `无法保存副本（${why}）。没有写入任何内容。` },
        { code: 'config_invalid', cause },
      );
    }
  }
}

function changedSince(client: string, { path, backup }: JournalEntry): Failure {
  const before =
    backup === undefined
      ? { en: 'There was no file before.', zh: '原来没有这个文件。' }
      : { en: `What was there before is in ${backup}.`, zh: `原内容在 ${backup}。` };
  const command = `moongate setup ${client} --undo --force`;
  return new Failure(
    {
      en: `${path} has changed since moongate wrote it. Nothing was written.`,
      zh: `${path} 在 moongate 写入之后被改动过。没有写入任何内容。`,
    },
    {
      code: 'config_invalid',
      hint: {
        en: `${before.en} Take over by hand what you need, or lose the later changes with: ${command}`,
        zh: `${before.zh}请手动取回需要的部分，或放弃之后的改动：${command}`,
      },
    },
  );
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string, type: string) => typeof (value as Record<string, unknown>)[name] === type;
  const hasBackup = !('backup' in value) || has('backup', 'string');
  return has('path', 'string') && has('written', 'string') && has('mode', 'number') && hasBackup;
}
