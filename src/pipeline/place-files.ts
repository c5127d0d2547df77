import { GatewayError } from '../errors.ts';
import type { ChatFiles } from '../files/chat-files.ts';
import { mayNameFiles } from '../files/file-use.ts';
import type { Resolution } from '../models/resolve.ts';
import type { Surface } from '../upstreams/surface.ts';
import type { Caller } from './attempts.ts';
import type { ChatCall } from './call.ts';
import { readRequest } from './prepare.ts';

interface FilesParts {
  readonly files: ChatFiles;
  surface(id: string): Surface;
}

interface PlacedCall {
  readonly call: ChatCall & Caller;
  readonly resolution: Resolution;
}

/** What names a file in Anthropic's shape, whose parts are all of other kinds to the outline. */
const IN_MESSAGES = ['"document"', '"file_id"', 'ms://'].map((text) => Buffer.from(text));

/** Whether the request may name a file; costs next to nothing. */
export function namesFiles({ asked, inside }: ChatCall): boolean {
  const { document } = asked;
  return inside ? IN_MESSAGES.some((text) => document.includes(text)) : mayNameFiles(document.outline);
}

/** The call with its documents as text, bound to the account in which its pictures and videos lie. */
export async function placeFiles(
  call: ChatCall & Caller,
  resolution: Resolution,
  parts: FilesParts,
): Promise<PlacedCall> {
  const kinds = new Set(resolution.targets.map(({ surface }) => parts.surface(surface).kind));
  // What another vendor's surface understands by a file is its own affair.
  if (kinds.size === 1 && kinds.has('compatible')) return { call, resolution };
  const { inside } = call;
  const { document } = readRequest(call.body);
  const messages = document.get('messages');
  if (!Array.isArray(messages)) return { call, resolution };
  const extracts = kinds.has('platform');
  const placed = await (inside
    ? parts.files.placeBlocks(messages, extracts, call)
    : parts.files.place(messages, extracts, call));
  if (!placed) return { call, resolution };
  document.set('messages', placed.messages);
  const body = document.toBytes();
  const translated = inside ? { inside: () => inside(body) } : {};
  const changed = { ...call, ...translated, body, asked: readRequest(body), notes: placed.notes };
  const { home } = placed;
  if (!home) return { call: changed, resolution };
  const targets = resolution.targets.filter(({ surface }) => surface === home.surface);
  if (targets.length === 0) throw elsewhere(resolution, home.surface);
  return { call: { ...changed, only: home.account }, resolution: { ...resolution, targets } };
}

function elsewhere({ model, targets }: Resolution, home: string): GatewayError {
  return new GatewayError('invalid_request', {
    message: `The files of this request lie at ${home}, and ${model} is served by ${targets.map(({ surface }) => surface).join(', ')}.`,
    param: 'messages',
    hint: `Choose a model of ${home}, or send the pictures as data URLs.`,
  });
}
