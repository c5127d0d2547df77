import { applyLine } from './directives.ts';
import { type Draft, emptyDraft } from './draft.ts';
import type { Script } from './find-script.ts';

/** Remembers how often each turn of each script was played, for `once` and `times`. Bounded: the oldest is forgotten. */
export class ScriptMemory {
  readonly #played = new Map<string, number>();

  attempt(script: Script): number {
    const key = `${script.turn}\n${script.text}`;
    const attempt = this.#played.get(key) ?? 0;
    this.#played.delete(key);
    this.#played.set(key, attempt + 1);
    const oldest = this.#played.size > 1000 ? this.#played.keys().next() : undefined;
    if (oldest?.done === false) this.#played.delete(oldest.value);
    return attempt;
  }

  clear(): void {
    this.#played.clear();
  }
}

export function playScript(lines: readonly string[], attempt: number): Draft {
  const draft = emptyDraft();
  for (const line of lines) applyLine(draft, line, attempt);
  return draft;
}
