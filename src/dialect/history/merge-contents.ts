import { isBlankContent, textPart } from './content-part.ts';

/** Several contents in one, each a string or an array of parts. Nothing is said twice; blank ones say nothing. */
export function mergeContents(contents: readonly unknown[]): unknown {
  const told = contents.filter((content) => !isBlankContent(content));
  const [first, ...more] = new Map(told.map((content) => [keyOf(content), content])).values();
  if (more.length === 0) return first ?? contents[0];
  const all = [first, ...more];
  if (all.every((content) => typeof content === 'string')) return all.join('\n\n');
  return all.flatMap((content) => (Array.isArray(content) ? content : [textPart(String(content))]));
}

function keyOf(content: unknown): unknown {
  return typeof content === 'string' ? content : `${JSON.stringify(content)} as parts`;
}
