import { rewriteNearJson } from './near-json.ts';

export interface RepairedArguments {
  readonly text: string;
  readonly repaired: boolean;
}

/** Longer texts are left alone. */
const MAX_LENGTH = 1_000_000;

/**
 * The JSON object that a model meant: code fences, single quotes, bare control characters, trailing commas, Python's
 * words, and missing closers are put right. Undefined where that does not give a JSON object. Never throws.
 */
export function repairArguments(text: string): RepairedArguments | undefined {
  if (isJsonObject(text)) return { text, repaired: false };
  if (text.length > MAX_LENGTH) return undefined;
  const bare = withoutFence(text);
  if (bare === '') return { text: '{}', repaired: true };
  for (const candidate of [bare, rewriteNearJson(bare)]) {
    if (candidate !== undefined && isJsonObject(candidate)) return { text: candidate, repaired: true };
  }
  return undefined;
}

/** What has to follow a text that was cut off, to make it a JSON object; undefined if nothing can. */
export function missingEnd(text: string): string | undefined {
  const closed = rewriteNearJson(text);
  if (closed === undefined || !closed.startsWith(text) || !isJsonObject(closed)) return undefined;
  return closed.slice(text.length);
}

export function isJsonObject(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function withoutFence(text: string): string {
  const trimmed = text.trim();
  const fenced = /^```[a-zA-Z]*\s*([\s\S]*?)\s*(?:```)?$/.exec(trimmed);
  return fenced?.[1] ?? trimmed;
}
