import { isBlankContent, textPart } from './content-part.ts';

/** Two contents in one, each a string or an array of parts. Nothing is said twice. */
export function mergeContent(first: unknown, second: unknown): unknown {
  if (isBlankContent(second) || JSON.stringify(first) === JSON.stringify(second)) return first;
  if (isBlankContent(first)) return second;
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`;
  return [...toParts(first), ...toParts(second)];
}

function toParts(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? content : [textPart(String(content))];
}
