export { type AnthropicError, anthropicStatus, type ErrorLike, PING, toAnthropicError } from './anthropic-error.ts';
export { OWN_SIGNATURE } from './assistant.ts';
export { CARRIED, withoutCarried } from './carried.ts';
export { isObject, type JsonObject } from './json-object.ts';
export type {
  AnthropicMessage,
  AnthropicTool,
  AnthropicUsage,
  Block,
  MessagesAnswer,
  MessagesEvent,
  MessagesRequest,
} from './messages.ts';
export { type DecoderOptions, MessagesDecoder } from './messages-decoder.ts';
export { type EncoderOptions, MessagesEncoder } from './messages-encoder.ts';
export type { FaceFacts } from './thinking.ts';
export { toChatCompletion } from './to-chat-completion.ts';
export { toChatRequest } from './to-chat-request.ts';
export { toMessagesAnswer } from './to-messages-answer.ts';
export { toMessagesRequest } from './to-messages-request.ts';
