import { isObject, textOr } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { openReasoning, sealReasoning } from './reasoning-seal.ts';
import type { Item, ResponsesRequest } from './responses.ts';

/** How reasoning is shown to a client. Kimi tells all of it, so there is no summary to be made. */
export interface ReasoningForm {
  /** As the summary that the client asked for; else as `reasoning_text`, as OpenAI documents for open models. */
  readonly summary: boolean;
  /** With `encrypted_content` too. */
  readonly sealed: boolean;
}

export function reasoningFormOf({ reasoning, include }: ResponsesRequest): ReasoningForm {
  const wish = reasoning?.summary ?? reasoning?.generate_summary;
  return {
    summary: typeof wish === 'string' && wish !== 'none',
    sealed: include?.includes('reasoning.encrypted_content') === true,
  };
}

export interface ReasoningSaid {
  readonly id: string;
  readonly text: string;
  readonly status: string;
}

export function toReasoningItem({ id, text, status }: ReasoningSaid, form: ReasoningForm): Item {
  return {
    id,
    type: 'reasoning',
    summary: form.summary && text !== '' ? [{ type: 'summary_text', text }] : [],
    ...(form.summary ? {} : { content: text === '' ? [] : [{ type: 'reasoning_text', text }] }),
    ...(form.sealed ? { encrypted_content: text === '' ? null : sealReasoning(text) } : {}),
    status,
  };
}

/**
 * The reasoning of an item that comes back. What another service has sealed says nothing here, nor does the summary beside
 * it: it is another model's, and a Kimi model must not take it for its own.
 */
export function toHubReasoning(item: Item, notes: Notes): string | undefined {
  const sealed = item['encrypted_content'];
  if (typeof sealed === 'string' && sealed !== '') {
    const text = openReasoning(sealed);
    if (text === undefined) notes.add('reasoning that another service has sealed is ignored');
    return text;
  }
  const text = textsOf(item['content']) || textsOf(item['summary']);
  return text === '' ? undefined : text;
}

function textsOf(parts: unknown): string {
  if (!Array.isArray(parts)) return '';
  return parts.map((part: unknown) => (isObject(part) ? textOr(part['text'], '') : '')).join('');
}
