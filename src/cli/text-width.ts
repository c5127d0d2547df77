/** Characters that take two columns in a terminal: East Asian wide and fullwidth ones, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f1e6}-\u{1f1ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
/** Nothing but these is in the text of most lines. */
const PLAIN = /^[\u0020-\u007e]*$/;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

/** What joins with its neighbours into one letter. Without it a text's code points are its letters. */
const JOINING = /\p{M}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|[\u1100-\u11ff\r]/u;

/** Made when a text needs it: most do not, and it takes ten milliseconds. */
let graphemes: Intl.Segmenter | undefined;

/** The letters of a text as a reader counts them. */
export function lettersOf(text: string): readonly string[] {
  if (!JOINING.test(text)) return [...text];
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

export function isWide(letter: string): boolean {
  return WIDE.test(letter);
}

/** The columns that a text without control sequences takes in a terminal. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const letter of lettersOf(text)) width += INVISIBLE.test(letter) ? 0 : isWide(letter) ? 2 : 1;
  return width;
}

/** The beginning of a text that fits into so many columns. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  let width = 0;
  for (const letter of lettersOf(text)) {
    width += textWidth(letter);
    if (width > columns) break;
    cut += letter;
  }
  return cut;
}

export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}
