import { isObject, type JsonObject } from '../json.ts';
import { checkHistory } from './history.ts';
import { readMessages } from './messages.ts';
import { checkPlainMembers, checkStreamOptions, readCap, readStop, refuseUnknownMembers } from './plain-members.ts';
import type { ChatRequest, RuleContext, Thinking } from './request.ts';
import { readResponseFormat } from './response-format.ts';
import { checkSampling } from './sampling.ts';
import { readThinking } from './thinking.ts';
import { readToolChoice, readTools } from './tools.ts';
import { countPrompt } from './usage.ts';

const WITHOUT_THINKING: Thinking = { isOn: false, effort: undefined };

/** Every rule of the chat endpoint, in one order: the first that is broken is the answer. */
export function readChatRequest(body: JsonObject, context: RuleContext): ChatRequest {
  const { model } = context;
  if (context.unknownMembers === 'refuse') refuseUnknownMembers(body);
  checkPlainMembers(body);
  const thinking = model.thinking === 'none' ? WITHOUT_THINKING : readThinking(body, model);
  const choices = checkSampling(body, thinking, model);
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
  if (context.unknownMembers === 'refuse') checkStreamOptions(body);
  return {
    ...{ model, messages, tools, toolChoice, thinking, cap, choices, stop, responseFormat, promptTokens },
    stream: stream === true,
    includeUsage: stream === true && isObject(options) && options['include_usage'] === true,
  };
}
