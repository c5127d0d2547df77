import { type Compiled, type CompileOptions, compileSchema } from './compile-schema.ts';

export interface CacheLimits {
  readonly entries: number;
  /** Characters of the schemas' texts; the compiled ones are about as large again. */
  readonly characters: number;
}

/**
 * Compiled schemas by the text of what was compiled: an agent sends the same two dozen tools with each request. The least
 * recently used ones go first.
 */
export class SchemaCache {
  readonly #options: CompileOptions;
  readonly #limits: CacheLimits;
  readonly #known = new Map<string, Compiled | undefined>();
  #characters = 0;

  constructor(options: CompileOptions, limits: CacheLimits = { entries: 500, characters: 4_000_000 }) {
    this.#options = options;
    this.#limits = limits;
  }

  get size(): { readonly entries: number; readonly characters: number } {
    return { entries: this.#known.size, characters: this.#characters };
  }

  /** Undefined if the schema is within the dialect as it is. */
  compile(schema: unknown): Compiled | undefined {
    const text = textOf(schema);
    if (text === undefined || text.length > this.#limits.characters) return this.#compiled(schema);
    if (this.#known.has(text)) {
      const compiled = this.#known.get(text);
      this.#known.delete(text);
      this.#known.set(text, compiled);
      return compiled;
    }
    const compiled = this.#compiled(schema);
    this.#known.set(text, compiled);
    this.#characters += text.length;
    this.#shrink();
    return compiled;
  }

  #compiled(schema: unknown): Compiled | undefined {
    const compiled = compileSchema(schema, this.#options);
    return compiled.schema === schema ? undefined : compiled;
  }

  #shrink(): void {
    for (const text of this.#known.keys()) {
      if (this.#known.size <= this.#limits.entries && this.#characters <= this.#limits.characters) return;
      this.#known.delete(text);
      this.#characters -= text.length;
    }
  }
}

/** Undefined for nesting that the engine does not write. */
function textOf(schema: unknown): string | undefined {
  try {
    return JSON.stringify(schema);
  } catch {
    return undefined;
  }
}
