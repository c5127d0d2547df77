import { randomBytes } from 'node:crypto';

export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly purpose: string;
  readonly bytes: Buffer;
  readonly createdAt: number;
}

/** The files of one account. */
export class FileShelf {
  readonly #files = new Map<string, StoredFile>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#files.size;
  }

  get totalBytes(): number {
    return this.list().reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Ids begin with `file_` and a name that is taken gets a suffix since 2026-08-31 (platform docs, files page). */
  add(file: Pick<StoredFile, 'filename' | 'mimeType' | 'purpose' | 'bytes'>): StoredFile {
    const stored = {
      ...file,
      filename: this.#freeName(file.filename),
      id: `file_${randomBytes(12).toString('hex')}`,
      createdAt: this.#now(),
    };
    this.#files.set(stored.id, stored);
    return stored;
  }

  get(id: string): StoredFile | undefined {
    return this.#files.get(id);
  }

  remove(id: string): boolean {
    return this.#files.delete(id);
  }

  list(): StoredFile[] {
    return [...this.#files.values()];
  }

  #freeName(name: string): string {
    const taken = new Set(this.list().map((file) => file.filename));
    if (!taken.has(name)) return name;
    const dot = name.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
    let count = 1;
    while (taken.has(`${stem}_${count}${ending}`)) count += 1;
    return `${stem}_${count}${ending}`;
  }
}
