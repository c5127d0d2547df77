const CLOSER: Readonly<Record<string, string>> = { '{': '}', '[': ']' };
const WORDS: ReadonlyMap<string, string> = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
  ['undefined', 'null'],
  ['NaN', 'null'],
]);
const MAX_NESTING = 500;

/**
 * One pass over a text that is nearly JSON: strings in either quote become JSON strings, commas before a closer go,
 * Python's words become JSON's, what is open at the end is closed. What follows the first whole value is left out only
 * if it is white space. Undefined for closers that do not match.
 */
export function rewriteNearJson(text: string): string | undefined {
  const open: string[] = [];
  let out = '';
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '"' || char === "'") {
      const string = readString(text, at, char);
      out += string.written;
      at = string.end;
    } else if (char === '{' || char === '[') {
      if (open.push(CLOSER[char] ?? '') > MAX_NESTING) return undefined;
      out += char;
      at++;
    } else if (char === '}' || char === ']') {
      if (open.pop() !== char) return undefined;
      out = withoutTrailingComma(out) + char;
      at++;
    } else {
      const word = /^[A-Za-z_$][\w$]*/.exec(text.slice(at, at + 40))?.[0];
      out += word === undefined ? char : bareWord(word, text, at);
      at += word?.length ?? 1;
    }
  }
  if (open.length === 0) return out;
  return completed(out) + open.reverse().join('');
}

/** A word before a colon is a key without quotes. */
function bareWord(word: string, text: string, at: number): string {
  const isKey = /^\s*:/.test(text.slice(at + word.length, at + word.length + 20));
  return isKey ? `"${word}"` : (WORDS.get(word) ?? word);
}

function readString(text: string, start: number, quote: string): { written: string; end: number } {
  let written = '"';
  let at = start + 1;
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === quote) return { written: `${written}"`, end: at + 1 };
    if (char === '\\') {
      const next = text[at + 1];
      // A backslash at the very end would escape the quote that closes the string.
      if (next === undefined) break;
      written += escaped(next);
      at++;
    } else if (char === '"') written += '\\"';
    else written += char < ' ' ? (JSON.stringify(char).slice(1, -1) ?? '') : char;
  }
  return { written: `${written}"`, end: text.length };
}

/** `\'` is no escape in JSON, and `\d` of a careless pattern means a backslash. */
function escaped(char: string): string {
  if (char === "'") return "'";
  return '"\\/bfnrtu'.includes(char) ? `\\${char}` : `\\\\${char}`;
}

function withoutTrailingComma(text: string): string {
  return text.replace(/,\s*$/, '');
}

/** `{"a": 1, ` and `{"a":` before the closers: the comma goes, the missing value is null. */
function completed(text: string): string {
  const bare = withoutTrailingComma(text.trimEnd());
  return /:$/.test(bare) ? `${bare}null` : bare;
}
