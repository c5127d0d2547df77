/**
 * Private-use characters in which the web writes its citations since 2026-08 (jndavidz/aurora): they begin with U+E3A0 and
 * end with U+E3A8, or U+1F3A8. Outside of its page they are junk, so they are taken out; the sources come as annotations.
 */
const BEGIN = '\u{e3a0}';
const MARK = /\u{e3a0}[^\u{e3a0}]*?(?:\u{e3a8}|\u{1f3a8})/gu;
/** A mark that goes on for longer is no mark. */
const LONGEST = 256;

/** Takes the marks out of a text that comes in pieces, wherever these were cut. */
export class CitationMarks {
  #held = '';

  push(text: string): string {
    if (this.#held === '' && !text.includes(BEGIN)) return text;
    const clean = (this.#held + text).replaceAll(MARK, '');
    const open = clean.lastIndexOf(BEGIN);
    const isOpen = open !== -1 && clean.length - open <= LONGEST;
    this.#held = isOpen ? clean.slice(open) : '';
    return isOpen ? clean.slice(0, open) : clean;
  }

  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
