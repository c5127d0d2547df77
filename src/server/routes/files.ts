import { GatewayError } from '../../errors.ts';
import type { Caller } from '../../files/caller.ts';
import type { Told } from '../../files/file-service.ts';
import type { ListQuery } from '../../files/merged-list.ts';
import { fileTooLarge } from '../../files/upload-form.ts';
import type { FileShelf } from '../../runtime/file-shelf.ts';
import { boundaryOf } from '../../stream/multipart-scanner.ts';
import { isStrict } from '../call-wishes.ts';
import { type Inbound, isAnthropicClient, jsonReply, type Reply } from '../exchange.ts';
import { countErrand } from '../permit.ts';
import { wholeNumber } from '../query.ts';
import type { RouteContext } from '../route.ts';
import type { Handler } from '../router.ts';
import { anthropicListQuery, toAnthropicDeletion, toAnthropicFile, toAnthropicFiles } from './anthropic-files.ts';
import { headerText } from './header-text.ts';

/** POST /v1/files: the form passes through as a stream. */
export const uploadFile: Handler = (inbound, context) => {
  const contentType = inbound.header('content-type') ?? '';
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) {
    throw new GatewayError('unsupported_content_type', {
      message: 'A file is sent as multipart/form-data with a boundary.',
      hint: 'Send the parts `file` and `purpose`, as every OpenAI client does.',
    });
  }
  return errand(context, async ({ files }) => {
    const declared = inbound.header('content-length');
    const length = declared === undefined ? undefined : Number(declared);
    if (length !== undefined && length > files.bodyBytes) throw fileTooLarge(files.bodyBytes);
    const strict = isStrict(inbound, context.runtime.config);
    const isAnthropic = isAnthropicClient(inbound);
    const body = inbound.stream(files.bodyBytes);
    // Anthropic's files have no purpose.
    const upload = { contentType, boundary, length, strict, body, purposeless: isAnthropic };
    const told = await files.upload(upload, callerOf(inbound, context));
    return toldReply(isAnthropic ? { ...told, body: toAnthropicFile(told.body) } : told);
  });
};

/** GET /v1/files: those of every account that the caller may see, as one list. */
export const listFiles: Handler = (inbound, context) =>
  held(context, async ({ files }) => {
    if (isAnthropicClient(inbound)) {
      const told = await files.list(anthropicListQuery(inbound), callerOf(inbound, context));
      return toldReply({ ...told, body: toAnthropicFiles(told.body) });
    }
    const query = listQuery(inbound, { most: 10_000, fallback: 10_000 });
    return toldReply(await files.list(query, callerOf(inbound, context)));
  });

export const showFile: Handler = (inbound, context, { id = '' }) =>
  held(context, async ({ files }) => {
    const told = await files.show(id, callerOf(inbound, context));
    return toldReply(isAnthropicClient(inbound) ? { ...told, body: toAnthropicFile(told.body) } : told);
  });

export const deleteFile: Handler = (inbound, context, { id = '' }) =>
  held(context, async ({ files }) => {
    const told = await files.remove(id, callerOf(inbound, context));
    return toldReply(isAnthropicClient(inbound) ? { ...told, body: toAnthropicDeletion(told.body) } : told);
  });

/** GET /v1/files/{id}/content, as it comes. */
export const fileContent: Handler = (inbound, context, { id = '' }) =>
  held(context, async ({ files }) => {
    const told = await files.content(id, callerOf(inbound, context));
    const { headers, body } = told.body;
    const length = headers['content-length'];
    return {
      status: 200,
      headers: {
        'content-type': headers['content-type'] ?? 'application/octet-stream',
        ...(length === undefined ? {} : { 'content-length': length }),
        ...toldHeaders(told),
      },
      body,
      log: () => toldFields(told),
    };
  });

/** Waits until it is known whose the keys are; the connections stay until the answer is there. */
export async function held({ runtime }: RouteContext, work: (shelf: FileShelf) => Promise<Reply>): Promise<Reply> {
  if (runtime.ready) await runtime.ready;
  runtime.enter();
  try {
    return await work(runtime.shelf);
  } finally {
    runtime.leave();
  }
}

/** The same for what makes something: it counts as a request of its key. */
export function errand(context: RouteContext, work: (shelf: FileShelf) => Promise<Reply>): Promise<Reply> {
  return countErrand(context, () => held(context, work));
}

export function callerOf({ signal }: Inbound, { owner, key, runtime }: RouteContext): Caller {
  const { surfaces, route } = key?.rules ?? {};
  if (key === undefined || (surfaces === undefined && route === undefined)) return { owner, signal };
  return { owner, signal, surfaces: runtime.scopes.of(key.rules).surfaceIds };
}

/** Throws invalid_request for a limit or an order that is none. */
export function listQuery(inbound: Inbound, limits: { readonly most: number; readonly fallback: number }): ListQuery {
  const query = new URLSearchParams(inbound.query);
  const order = query.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') {
    throw new GatewayError('invalid_request', { message: '`order` must be asc or desc.', param: 'order' });
  }
  return {
    limit: wholeNumber(query, 'limit', { least: 1, ...limits }),
    after: query.get('after') ?? undefined,
    order,
    purpose: query.get('purpose') ?? undefined,
  };
}

export function toldReply(told: Told<unknown>): Reply {
  return { ...jsonReply(200, told.body, toldHeaders(told)), log: () => toldFields(told) };
}

function toldHeaders({ place, notes }: Told<unknown>): Record<string, string> {
  return {
    ...(place ? { 'x-moongate-surface': place.surface.id } : {}),
    ...(notes.length > 0 ? { 'x-moongate-notes': headerText(notes.join('; ')) } : {}),
  };
}

function toldFields({ place, notes }: Told<unknown>) {
  return {
    ...(place ? { surface: place.surface.id, credential: place.credential.id } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}
