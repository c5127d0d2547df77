import { FOREIGN_REASONING } from '../../chat/message-outline.ts';

/** How hosts of the models other than Moonshot send thoughts: `reasoning` as text, `reasoning_details` as a list. */
const DETAILS = 'reasoning_details';

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text in what other vendors keep of thoughts: a string, `{text}` or `{thinking}`, or a list of those. */
export function textOfThoughts(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOfThoughts).join('');
  if (!isMembers(value)) return '';
  return textOfThoughts(value['text'] ?? value['thinking'] ?? value['reasoning'] ?? value['summary']);
}

/** The thoughts of a message or a piece of one under another name than Kimi's; a list of details says most. */
export function foreignThoughts(message: Members): { readonly key: string; readonly value: unknown } | undefined {
  if (Array.isArray(message[DETAILS]) && message[DETAILS].length > 0) return { key: DETAILS, value: message[DETAILS] };
  const key = FOREIGN_REASONING.find((name) => textOfThoughts(message[name]) !== '');
  return key === undefined ? undefined : { key, value: message[key] };
}

/** Puts the pieces of a stream together: texts are joined, details with the same type and index are one. */
export class GrowingThoughts {
  #key: string | undefined;
  #text = '';
  readonly #details = new Map<string, Record<string, unknown>>();

  add(piece: Members): void {
    // Asked of every piece of every answer with thoughts, and nearly always with this outcome.
    if (!('reasoning' in piece || DETAILS in piece || 'reasoning_text' in piece)) return;
    const found = foreignThoughts(piece);
    if (found === undefined || (this.#key === DETAILS && found.key !== DETAILS)) return;
    this.#key = found.key;
    if (found.key === DETAILS && Array.isArray(found.value)) for (const detail of found.value) this.#detail(detail);
    else this.#text += textOfThoughts(found.value);
  }

  whole(): { readonly key: string; readonly json: string } | undefined {
    if (this.#key === undefined) return undefined;
    const value = this.#key === DETAILS ? [...this.#details.values()] : this.#text;
    return { key: this.#key, json: JSON.stringify(value) };
  }

  #detail(detail: unknown): void {
    if (!isMembers(detail)) return;
    const place = `${String(detail['type'])} ${String(detail['index'] ?? '')}`;
    const known = this.#details.get(place) ?? {};
    this.#details.set(place, known);
    for (const [member, value] of Object.entries(detail)) {
      const isText = typeof value === 'string' && (member === 'text' || member === 'summary' || member === 'data');
      known[member] = isText ? `${String(known[member] ?? '')}${value}` : (value ?? known[member]);
    }
  }
}
