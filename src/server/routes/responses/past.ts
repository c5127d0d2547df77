import { type Item, isReference, type ResponsesRequest } from '../../../chat/responses/index.ts';
import { GatewayError } from '../../../errors.ts';
import type { ResponseStore, StoredResponse } from '../../../responses/response-store.ts';

/** Responses that a chain may have; a longer one is a loop of a client's. */
const LONGEST_CHAIN = 10_000;

export interface Past {
  /** Everything that was said before, oldest first. */
  readonly items: readonly Item[];
  /** The response that is continued. */
  readonly previous: string | undefined;
}

/** What `previous_response_id` or `conversation` stands for. Throws previous_response_not_found. */
export async function recallPast(asked: ResponsesRequest, owner: string, store: ResponseStore): Promise<Past> {
  const { previous_response_id: id, conversation } = asked;
  if (id !== undefined) {
    const last = await store.get(owner, id);
    if (last === undefined) throw notKept(id);
    if (last.response.status === 'queued' || last.response.status === 'in_progress') {
      throw new GatewayError('invalid_request', {
        message: `The response ${id} has not ended yet.`,
        param: 'previous_response_id',
      });
    }
    return { items: await chain(last, store, true), previous: id };
  }
  const newest = conversation === undefined ? undefined : await store.newestIn(owner, conversationId(conversation));
  return { items: newest ? await chain(newest, store, false) : [], previous: newest?.id };
}

export function conversationId(conversation: NonNullable<ResponsesRequest['conversation']>): string {
  return typeof conversation === 'string' ? conversation : conversation.id;
}

/** A conversation goes on with what is left of it; a response that is continued must be there to its beginning. */
async function chain(last: StoredResponse, store: ResponseStore, strict: boolean): Promise<Item[]> {
  const turns: Item[][] = [];
  for (let at: StoredResponse | undefined = last; at !== undefined; ) {
    turns.push([...at.input, ...at.response.output]);
    const { previous }: StoredResponse = at;
    if (previous === undefined) break;
    at = turns.length < LONGEST_CHAIN ? await store.get(last.owner, previous) : undefined;
    if (at === undefined && strict) throw notKept(previous);
  }
  return turns.reverse().flat();
}

function notKept(id: string): GatewayError {
  return new GatewayError('previous_response_not_found', {
    message: `Previous response with id '${id.slice(0, 100)}' not found.`,
    param: 'previous_response_id',
    hint: 'Responses are kept as `responses` in moongate.yaml says. Send the whole history as `input`.',
  });
}

/**
 * References to items replaced by what is kept of them. A thought that is not kept is left out, since the answer can be
 * given without it; anything else cannot be guessed.
 */
export async function resolveReferences(
  input: readonly Item[],
  owner: string,
  store: ResponseStore,
): Promise<readonly Item[]> {
  const ids = input.filter(isReference).map(({ id }) => id);
  if (ids.length === 0) return input;
  const kept = await store.items(owner, ids);
  return input.flatMap((item): readonly Item[] => {
    if (!isReference(item)) return [item];
    const found = kept.get(item.id);
    if (found) return [found];
    if (item.id.startsWith('rs_')) return [];
    throw lostItem(item.id);
  });
}

function lostItem(id: string): GatewayError {
  return new GatewayError('invalid_request', {
    status: 404,
    message: `Item with id '${id.slice(0, 100)}' not found. Items are not kept when \`store\` is false, nor for ever.`,
    param: 'input',
    hint: 'Send the item itself instead of a reference, or take it out of the input.',
  });
}
