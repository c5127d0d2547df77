import { type Draft, emptyDraft } from '../script/draft.ts';
import { instanceOf } from './instance.ts';
import type { ChatRequest, Tool } from './request.ts';

const QUOTE = 200;

/** What is answered where no script says anything: short, deterministic, and true to what was asked. */
export function demoDraft(request: ChatRequest): Draft {
  const draft = emptyDraft();
  const question = request.messages.findLast((message) => message.role === 'user')?.text.trim() ?? '';
  if (request.thinking.isOn) {
    draft.segments.push({ kind: 'reasoning', text: reasoning(request, question) });
  }
  const tool = chooseTool(request, question);
  if (tool !== undefined) {
    draft.calls.push({ name: tool.name, arguments: JSON.stringify(instanceOf(tool.parameters)) });
  } else {
    draft.segments.push({ kind: 'content', text: answer(request, question) });
  }
  return draft;
}

function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > QUOTE ? `${line.slice(0, QUOTE).toWellFormed()}…` : line;
}

function reasoning(request: ChatRequest, question: string): string {
  const tools = request.tools.length > 0 ? ` I may use ${request.tools.length} tools.` : '';
  return `The last question has ${question.length} characters.${tools} A short answer will do.`;
}

/** A forced call comes first; else a tool whose name the question mentions, unless its result is already here. */
function chooseTool(request: ChatRequest, question: string): Tool | undefined {
  const { toolChoice, tools } = request;
  if (toolChoice === 'none') return undefined;
  if (typeof toolChoice === 'object') return tools.find((tool) => tool.name === toolChoice.name);
  const isAnswered = request.messages.at(-1)?.role === 'tool';
  const mentioned = tools.find((tool) => question.includes(tool.name));
  if (toolChoice === 'required') return mentioned ?? tools[0];
  return isAnswered ? undefined : mentioned;
}

function answer(request: ChatRequest, question: string): string {
  const { responseFormat, messages, model } = request;
  if (responseFormat.type === 'json_schema') return JSON.stringify(instanceOf(responseFormat.schema));
  // Without the word in the prompt the service's output is unguided, so it is prose here.
  const asksForJson = messages.some((message) => /json/i.test(message.text));
  if (responseFormat.type === 'json_object' && asksForJson) {
    return JSON.stringify({ answer: quote(question), model: model.id, messages: messages.length });
  }
  const last = messages.at(-1);
  const isChinese = /\p{Script=Han}/u.test(question);
  if (last?.role === 'tool') {
    return isChinese ? `工具的回答是：“${quote(last.text)}”` : `The tool answered: "${quote(last.text)}"`;
  }
  return isChinese
    ? `你问的是：“${quote(question)}”。我是模拟器里的 ${model.id}，读了 ${messages.length} 条消息。`
    : `You asked: "${quote(question)}". I am ${model.id} in the simulator, and I read ${messages.length} message${messages.length === 1 ? '' : 's'}.`;
}
