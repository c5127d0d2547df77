/** The one writer of server-sent events. */

export const DONE_EVENT = Buffer.from('data: [DONE]\n\n');

/** A comment: clients ignore it, connections stay open by it. */
export const KEEP_ALIVE_COMMENT = Buffer.from(': keep-alive\n\n');

export function writeEvent(data: unknown): Buffer {
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
}

export function writeNamedEvent(name: string, data: unknown): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
