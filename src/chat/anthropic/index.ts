export { anthropicStatus, PING, toAnthropicError } from './anthropic-error.ts';
export { withoutCarried } from './carried.ts';
export type { MessagesAnswer, MessagesEvent, MessagesRequest } from './messages.ts';
export { type DecoderOptions, MessagesDecoder } from './messages-decoder.ts';
export { MessagesEncoder } from './messages-encoder.ts';
export { toChatCompletion } from './to-chat-completion.ts';
export { toChatRequest } from './to-chat-request.ts';
export { toMessagesAnswer } from './to-messages-answer.ts';
export { toMessagesRequest } from './to-messages-request.ts';
