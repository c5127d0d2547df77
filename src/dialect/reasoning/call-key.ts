import { createHash } from 'node:crypto';
import type { ToolCall } from '../../chat/chat.ts';

/**
 * What a tool call is remembered by. The id alone is not enough: Kimi counts its ids per conversation (`Shell:58`,
 * openclaw/openclaw PR 70030), so that two conversations of one caller share them. The name of the function is left
 * out, because it may be mapped on the way. Arguments are compared by meaning: clients write them anew.
 */
export function callKey(call: ToolCall): string | undefined {
  const { id, function: target } = call;
  if (typeof id !== 'string' || id === '') return undefined;
  const text = typeof target?.arguments === 'string' ? target.arguments : '';
  return `${id} ${createHash('sha256').update(canonical(text)).digest('base64url').slice(0, 16)}`;
}

function canonical(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.trim() === '' ? '{}' : text;
  }
}
