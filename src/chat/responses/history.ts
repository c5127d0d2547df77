import type { ChatMessage, ToolCall } from '../chat.ts';
import type { Notes } from '../notes.ts';
import { toHubCall } from './calls.ts';
import { toHubContent, toPlainText } from './content.ts';
import { toHubReasoning } from './reasoning-item.ts';
import type { Item, ResponsesTool } from './responses.ts';
import type { ToolMap } from './tool-map.ts';
import { answeredCall, toToolMessage } from './tool-output.ts';

/** Tools that came with the history: what a search found, and what the client added on the way. */
export function addToolsOf(items: readonly Item[], tools: ToolMap, notes: Notes): void {
  for (const { type, tools: found } of items) {
    if ((type === 'tool_search_output' || type === 'additional_tools') && Array.isArray(found)) {
      tools.add(found as readonly ResponsesTool[], notes);
    }
  }
}

/** The items of a history as the messages of a chat. What only OpenAI's own tools understand is noted and left out. */
export function toHubMessages(items: readonly Item[], tools: ToolMap, notes: Notes): ChatMessage[] {
  const history = new History(tools, notes);
  for (const item of items) history.add(item);
  return history.end();
}

/** What they brought is elsewhere: tools in the list of tools, what a search found in the answer behind it. */
const SILENT = new Set(['additional_tools', 'tool_search_output', 'web_search_call']);

/** What the assistant said in one go: in a chat one message, here an item for each thought, text and call. */
interface Turn {
  reasoning: string;
  text: string | undefined;
  calls: ToolCall[];
}

class History {
  readonly #messages: ChatMessage[] = [];
  readonly #tools: ToolMap;
  readonly #notes: Notes;
  readonly #callOfItem = new Map<string, string>();
  #turn: Turn | undefined;

  constructor(tools: ToolMap, notes: Notes) {
    this.#tools = tools;
    this.#notes = notes;
  }

  add(item: Item): void {
    const type = item.type ?? 'message';
    if (type === 'message') this.#message(item);
    else if (type === 'reasoning') this.#reasoning(item);
    else this.#used(item);
  }

  end(): ChatMessage[] {
    this.#close();
    return this.#messages;
  }

  #message(item: Item): void {
    const { role, content } = item;
    if (role !== 'assistant') {
      this.#push({ role: String(role ?? 'user'), content: toHubContent(content, this.#notes) });
      return;
    }
    // Results must follow their calls at once, so a text behind a call joins it; another text is a message of its own.
    if (this.#turn?.text !== undefined && this.#turn.calls.length === 0) this.#close();
    const turn = this.#open();
    turn.text = joined(turn.text, toPlainText(content, this.#notes));
  }

  #reasoning(item: Item): void {
    const text = toHubReasoning(item, this.#notes);
    if (text === undefined) return;
    if (this.#turn?.text !== undefined && this.#turn.calls.length === 0) this.#close();
    const turn = this.#open();
    turn.reasoning = joined(turn.reasoning || undefined, text);
  }

  /** What has to do with tools. */
  #used(item: Item): void {
    const call = toHubCall(item, this.#tools);
    if (call) {
      if (typeof item.id === 'string' && call.id !== undefined) this.#callOfItem.set(item.id, call.id);
      this.#open().calls.push(call);
      return;
    }
    const answer = isOfServer(item)
      ? undefined
      : toToolMessage(item, answeredCall(item, this.#callOfItem), this.#tools, this.#notes);
    if (answer) this.#push(answer);
    else if (!SILENT.has(item.type ?? '')) {
      this.#notes.add(`items of type ${String(item.type)} are left out of the history`);
    }
  }

  #push(message: ChatMessage): void {
    this.#close();
    this.#messages.push(message);
  }

  #open(): Turn {
    this.#turn ??= { reasoning: '', text: undefined, calls: [] };
    return this.#turn;
  }

  #close(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    // Thoughts that led to nothing, such as those of an answer that was broken off, are nobody's message.
    if (turn === undefined || (turn.text === undefined && turn.calls.length === 0)) return;
    const { reasoning, text = '', calls } = turn;
    this.#messages.push({
      role: 'assistant',
      content: text,
      ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    });
  }
}

/** OpenAI's own search gives its answer to nobody. */
function isOfServer(item: Item): boolean {
  return item.type === 'tool_search_output' && (item['execution'] === 'server' || typeof item['call_id'] !== 'string');
}

function joined(before: string | undefined, text: string): string {
  return before === undefined || before === '' ? text : `${before}\n\n${text}`;
}
