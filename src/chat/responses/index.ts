export { readResponsesRequest } from './read-responses-request.ts';
export { frameOf, type ResponseFrame } from './response-frame.ts';
export type { Item, ResponseObject, ResponsesEvent, ResponsesRequest } from './responses.ts';
export { ResponsesEncoder } from './responses-encoder.ts';
export { shortenHistory } from './shorten.ts';
export { isReference, toStoredItems } from './stored-items.ts';
export { type Converted, toChatRequest } from './to-chat-request.ts';
export { toItems } from './to-items.ts';
export { toResponse } from './to-response.ts';
