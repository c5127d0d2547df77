import { parseJson } from '../json.ts';
import { invalid } from '../refusal.ts';
import type { Message, Thinking } from './request.ts';

/** The rules about calls and their results, the most reported refusals of all. */
export function checkHistory(messages: readonly Message[], thinking: Thinking): void {
  checkReasoning(messages, thinking);
  checkArguments(messages);
  checkResults(messages);
}

/** Reported by some twenty clients, among them QuantumNous/new-api #3121 and anomalyco/opencode #10996. An empty string passes. */
function checkReasoning(messages: readonly Message[], thinking: Thinking): void {
  if (!thinking.isOn) return;
  const index = messages.findIndex((message) => message.toolCalls.length > 0 && message.reasoning === undefined);
  if (index < 0) return;
  throw invalid(
    `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${index}`,
  );
}

/** MoonshotAI/kimi-cli #1378: arguments that are not JSON are refused even if the model wrote them. The sentence is ours. */
function checkArguments(messages: readonly Message[]): void {
  for (const call of messages.flatMap((message) => message.toolCalls)) {
    if (!parseJson(call.arguments).ok) {
      throw invalid(`Invalid request: function.arguments of tool call ${call.id} is not valid JSON`);
    }
  }
}

/** MoonshotAI/kimi-code #705 (calls without results), MoonshotAI/kimi-cli #2405 (results without calls), openclaw/openclaw #84730 (ids twice). */
function checkResults(messages: readonly Message[]): void {
  const seen = new Set<string>();
  let open: ReadonlySet<string> = new Set();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      const id = message.toolCallId ?? '';
      if (!open.has(id)) throw invalid(`tool_call_id ${id} is not found`);
      continue;
    }
    open = new Set(message.toolCalls.map((call) => call.id));
    if (message.toolCalls.length === 0) continue;
    for (const { id } of message.toolCalls) {
      if (seen.has(id)) throw invalid(`Invalid request: tool_call_id ${id} is duplicated`);
      seen.add(id);
    }
    checkAnswered(message, messages.slice(index + 1));
  }
}

function checkAnswered(message: Message, rest: readonly Message[]): void {
  const end = rest.findIndex((next) => next.role !== 'tool');
  const results = new Set((end < 0 ? rest : rest.slice(0, end)).map((next) => next.toolCallId));
  const missing = message.toolCalls.map((call) => call.id).filter((id) => !results.has(id));
  if (missing.length === 0) return;
  throw invalid(
    `an assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${missing.join(', ')}`,
  );
}
