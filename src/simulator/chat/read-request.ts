import { isObject, type JsonObject } from '../json.ts';
import { checkHistory } from './history.ts';
import { readMessages } from './messages.ts';
import type { ChatRequest, RuleContext } from './request.ts';
import { readResponseFormat } from './response-format.ts';
import { checkPlainMembers, checkSampling, readCap, readStop, refuseUnknownMembers } from './sampling.ts';
import { readThinking } from './thinking.ts';
import { readToolChoice, readTools } from './tools.ts';
import { countPrompt } from './usage.ts';

/** Every rule of the chat endpoint, in one order: the first that is broken is the answer. */
export function readChatRequest(body: JsonObject, context: RuleContext): ChatRequest {
  const { model } = context;
  if (context.unknownMembers === 'refuse') refuseUnknownMembers(body);
  checkPlainMembers(body);
  const thinking = readThinking(body, model);
  checkSampling(body, thinking);
  const stop = readStop(body);
  const messages = readMessages(body['messages'], context);
  const tools = readTools(body['tools'], messages, context);
  const isK3 = model.series === 'k3';
  const toolChoice = readToolChoice(body['tool_choice'], tools, !isK3 && thinking.isOn, isK3);
  checkHistory(messages, thinking);
  const responseFormat = readResponseFormat(body['response_format'], context);
  const promptTokens = countPrompt(messages, tools, responseFormat);
  const cap = readCap(body, { context: model.contextLength, fallback: model.defaultCap, prompt: promptTokens });
  const { stream, stream_options: options } = body;
  return {
    ...{ model, messages, tools, toolChoice, thinking, cap, stop, responseFormat, promptTokens },
    stream: stream === true,
    includeUsage: stream === true && isObject(options) && options['include_usage'] === true,
  };
}
