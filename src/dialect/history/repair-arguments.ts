import { isJsonObjectText } from '../../chat/escaped-json.ts';

/** What decides where strings are, and the control characters that models write raw inside them. */
const MARKS = /\\.|"|\p{Cc}/gsu;
const SHORT: Readonly<Record<string, string>> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };

/** The text of a JSON object that was meant by `text`; undefined if that cannot be said. */
export function repairArguments(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'null') return '{}';
  return [trimmed, inner(trimmed), behindEmptyObject(trimmed), withEscapedControls(trimmed)].find(
    (candidate) => candidate !== undefined && isJsonObjectText(candidate),
  );
}

/** Arguments that were serialized twice. */
function inner(text: string): string | undefined {
  if (!text.startsWith('"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Clients that begin with `{}` and append the pieces of a stream keep `{}{"path":"a"}`. */
function behindEmptyObject(text: string): string | undefined {
  return text.startsWith('{}') ? text.slice(2) : undefined;
}

/** Escapes the control characters inside strings; those between the tokens are white space. */
function withEscapedControls(text: string): string {
  let inside = false;
  return text.replace(MARKS, (mark) => {
    if (mark === '"') inside = !inside;
    return inside && mark.length === 1 && mark !== '"' ? escaped(mark) : mark;
  });
}

function escaped(control: string): string {
  return SHORT[control] ?? `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
