import type { ChatMessage, ChatRequest, FunctionCall, FunctionDefinition, ToolCall } from '../../chat/chat.ts';
import { type AnswerRepair, type Rule, without } from '../rule.ts';

/** `"auto"` and `"none"` keep their words, `{name}` becomes the choice of that function. */
function toToolChoice(functionCall: unknown): unknown {
  if (typeof functionCall === 'object' && functionCall !== null && 'name' in functionCall) {
    return { type: 'function', function: { name: functionCall.name } };
  }
  return functionCall;
}

/** A call without an id and its result without one become a pair by their order. */
function toToolMessages(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  let count = 0;
  let open: string | undefined;
  let changed = false;
  const converted = messages.map((message): ChatMessage => {
    if (message?.function_call) {
      const { function_call, ...rest } = message;
      open = `${function_call.name ?? 'function'}:${count++}`;
      changed = true;
      return { ...rest, tool_calls: [{ id: open, type: 'function', function: function_call }] };
    }
    if (message?.role === 'function') {
      const { name, ...rest } = message;
      changed = true;
      return { ...rest, role: 'tool', tool_call_id: open ?? `${name ?? 'function'}:${count}` };
    }
    return message;
  });
  return changed ? converted : messages;
}

/** The old shape knows one call; of several at once the first is told. */
function toFunctionCall<M extends ChatMessage>(message: M): M {
  const call: ToolCall | undefined = message.tool_calls?.find((candidate) => (candidate.index ?? 0) === 0);
  const { tool_calls, ...rest } = message;
  if (tool_calls === undefined) return message;
  return { ...rest, ...(call?.function ? { function_call: legacyCall(call.function) } : {}) } as M;
}

function legacyCall({ name, arguments: text }: FunctionCall): FunctionCall {
  return { ...(name === undefined ? {} : { name }), ...(text === undefined ? {} : { arguments: text }) };
}

const toLegacyReason = (reason: string | null | undefined) => (reason === 'tool_calls' ? 'function_call' : reason);

const BACK_TO_FUNCTIONS: AnswerRepair = {
  needles: ['"tool_calls"'],
  chunk(chunk) {
    if (!chunk.choices?.some((choice) => choice.delta?.tool_calls || choice.finish_reason === 'tool_calls'))
      return chunk;
    return {
      ...chunk,
      choices: chunk.choices.map((choice) => ({
        ...choice,
        ...(choice.delta ? { delta: toFunctionCall(choice.delta) } : {}),
        finish_reason: toLegacyReason(choice.finish_reason) ?? null,
      })),
    };
  },
  completion(completion) {
    if (!completion.choices?.some((choice) => choice.message?.tool_calls || choice.finish_reason === 'tool_calls'))
      return completion;
    return {
      ...completion,
      choices: completion.choices.map((choice) => ({
        ...choice,
        ...(choice.message ? { message: toFunctionCall(choice.message) } : {}),
        finish_reason: toLegacyReason(choice.finish_reason) ?? null,
      })),
    };
  },
};

function convert(request: ChatRequest): ChatRequest {
  const { functions, function_call, messages } = request;
  const added: Record<string, unknown> = {};
  if (Array.isArray(functions) && functions.length > 0 && request.tools === undefined) {
    added['tools'] = functions.map((definition: FunctionDefinition) => ({ type: 'function', function: definition }));
  }
  if (function_call !== undefined && function_call !== null && request.tool_choice === undefined) {
    added['tool_choice'] = toToolChoice(function_call);
  }
  const converted = Array.isArray(messages) ? toToolMessages(messages) : messages;
  const rest = without(request, ['functions', 'function_call']);
  if (converted !== messages) added['messages'] = converted;
  return rest === request && Object.keys(added).length === 0 ? request : { ...rest, ...added };
}

export const functionsToTools: Rule = {
  id: 'functions-to-tools',
  title: { en: 'functions are called tools', zh: 'functions 转换为 tools' },
  why: "OpenAI's first form of tool use (`functions`, `function_call`, role `function`) is not in Kimi's schema and ignored. It goes up as tools, and the answer comes back in the old form.",
  source: 'platform docs, migration guide from OpenAI to Kimi; BerriAI/litellm llms/moonshot',
  seen: '2026-09-02',
  when: ({ surface }) => surface !== 'web',
  request: {
    reads: ['functions', 'function_call', 'tools', 'tool_choice', 'messages'],
    trigger: {
      members: ['functions', 'function_call'],
      message: ({ role, functionCall }) => role === 'function' || functionCall,
    },
    apply(request, { note, undo }) {
      const converted = convert(request);
      if (converted === request) return request;
      note('functions and function_call sent as tools and tool_choice');
      if (request.functions !== undefined || request.function_call !== undefined) undo(BACK_TO_FUNCTIONS);
      return converted;
    },
  },
};
