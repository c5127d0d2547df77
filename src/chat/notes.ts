/** What could not be carried over, each said once. */
export class Notes {
  readonly #said = new Set<string>();

  add(note: string): void {
    this.#said.add(note);
  }

  list(): string[] {
    return [...this.#said];
  }
}
