/**
 * One block of an answer, of which the client has already been shown something. `append` adds, `set` replaces: showing
 * both as they come doubles the text, showing only appends loses its beginning.
 */
export class TextBlock {
  #content = '';
  /** What was shown, while that is more than the content; undefined: exactly the content was. */
  #shown: string | undefined;

  /** What is new for the client. */
  append(text: string): string {
    if (this.#shown !== undefined) return this.#settle(this.#content + text);
    this.#content += text;
    return text;
  }

  set(content: string): string {
    return this.#settle(content);
  }

  #settle(content: string): string {
    const shown = this.#shown ?? this.#content;
    this.#content = content;
    this.#shown = undefined;
    if (content.startsWith(shown)) return content.slice(shown.length);
    if (shown.startsWith(content)) {
      this.#shown = shown;
      return '';
    }
    // What was shown cannot be taken back. A block that begins anew is a new paragraph (jndavidz/aurora).
    return `\n\n${content}`;
  }
}
