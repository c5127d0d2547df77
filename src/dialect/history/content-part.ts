/** A part of a message's content, as it came. */
export type Part = Readonly<Record<string, unknown>>;

export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTextPart(part: unknown): part is Part & { readonly text: string } {
  return isPart(part) && part['type'] === 'text' && typeof part['text'] === 'string';
}

export function isBlankPart(part: unknown): boolean {
  return isTextPart(part) && part.text.trim() === '';
}

export function textPart(text: string): Part {
  return { type: 'text', text };
}

/** No text, no parts. */
export function isBlankContent(content: unknown): boolean {
  if (Array.isArray(content)) return content.every(isBlankPart);
  return content === undefined || content === null || (typeof content === 'string' && content.trim() === '');
}
