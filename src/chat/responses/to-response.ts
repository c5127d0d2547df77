import type { ChatCompletion } from '../chat.ts';
import { unfold } from '../fold.ts';
import type { ResponseFrame } from './response-frame.ts';
import type { ResponseObject } from './responses.ts';
import { ResponsesEncoder } from './responses-encoder.ts';

/** A whole answer of the hub as the response that its stream would end with. */
export function toResponse(completion: ChatCompletion, frame: ResponseFrame): ResponseObject {
  const encoder = new ResponsesEncoder(frame);
  for (const chunk of unfold(completion)) encoder.add(chunk);
  encoder.end();
  return encoder.response;
}
