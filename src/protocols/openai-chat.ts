import { toErrorBody } from '../errors.ts';
import { followedBy } from '../stream/followed-by.ts';
import { DONE_EVENT, KEEP_ALIVE_COMMENT, writeEvent } from '../stream/sse-writer.ts';
import type { Protocol } from './protocol.ts';

/** OpenAI Chat Completions: what the inside speaks, so bytes stay bytes. */
export const openaiChat: Protocol = {
  decode: (body) => ({ body }),
  whole: (completion) => completion,
  stream: (events) => followedBy(events, DONE_EVENT),
  errorEvent: (error) => writeEvent(toErrorBody(error)),
  errorBody: toErrorBody,
  status: (error) => error.status,
  keepAlive: KEEP_ALIVE_COMMENT,
};
