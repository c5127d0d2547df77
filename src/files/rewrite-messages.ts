import { fileUseOf } from './file-use.ts';
import type { Located } from './keeper.ts';

type Message = Readonly<Record<string, unknown>>;

/** What became of one use of a file. */
export type Outcome =
  | { readonly part: unknown; readonly home: Located }
  | { readonly text: string; readonly name: string };

/** One system message for each document before the question (platform docs, document question answering). */
export function rewritten(message: unknown, outcomes: ReadonlyMap<unknown, Outcome>): readonly unknown[] {
  if (!partsOf(message).some((part) => outcomes.has(part))) return [message];
  const before: Message[] = [];
  const names: string[] = [];
  // Between a call and its result nothing may stand, so that a result's document stays inside.
  const isResult = (message as Message)['role'] === 'tool';
  const parts = partsOf(message).flatMap((part): readonly unknown[] => {
    const outcome = outcomes.get(part);
    if (outcome === undefined) return [part];
    if ('part' in outcome) return [outcome.part];
    if (isResult) return [{ type: 'text', text: outcome.text }];
    before.push({ role: 'system', content: outcome.text });
    names.push(outcome.name);
    return [];
  });
  const content = parts.length > 0 ? parts : [{ type: 'text', text: `[${names.join(', ')}]` }];
  return [...before, { ...(message as Message), content }];
}

export function partsOf(message: unknown): readonly unknown[] {
  if (typeof message !== 'object' || message === null || !('content' in message)) return [];
  return Array.isArray(message.content) ? message.content : [];
}

/** The same without anybody being asked: words stand for the texts of documents. */
export function withStandIns(messages: readonly unknown[]): readonly unknown[] {
  const outcomes = new Map<unknown, Outcome>();
  for (const part of messages.flatMap(partsOf)) {
    const use = fileUseOf(part);
    if (use === undefined || use.kind === 'media') continue;
    const name = use.filename ?? (use.kind === 'stored' ? use.id : 'document');
    outcomes.set(part, { text: `(the text of ${name})`, name });
  }
  return outcomes.size === 0 ? messages : messages.flatMap((message) => rewritten(message, outcomes));
}
