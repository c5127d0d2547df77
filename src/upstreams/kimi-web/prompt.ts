import type { ChatMessage } from '../../chat/chat.ts';
import { GatewayError } from '../../errors.ts';
import { textOfMessage } from './message-text.ts';
import { writeCalls } from './tool-prompt.ts';

export interface PromptParts {
  readonly messages: readonly ChatMessage[];
  /** What the gateway adds to the system's words: tools, the form of the answer. */
  readonly instructions: readonly string[];
  /** The server knows the conversation: only what came after its last answer is said. */
  readonly isContinued: boolean;
}

interface Section {
  readonly mark: string;
  readonly text: string;
}

const PREAMBLE =
  'This is a conversation so far; marks in square brackets name the speaker. Answer its last message as the assistant, without a mark.';

const CONTINUE = 'The last message is the beginning of your own answer: go on where it ends, and repeat nothing of it.';

/** Whether the answer has been begun by the client: the web chat has no member for that. */
export function isPrefilled(messages: readonly ChatMessage[]): boolean {
  return messages.at(-1)?.role === 'assistant' && messages.at(-1)?.tool_calls === undefined;
}

/**
 * The one message that the web chat reads, whatever was sent (a `messages` array beyond the first is ignored). A single
 * question goes as it is; anything more is written out with marks, the system's words first, because proxies that left
 * these out lost both the instructions and the memory.
 */
export function toPrompt({ messages, instructions, isContinued }: PromptParts): string {
  const relevant = isContinued ? sinceLastAnswer(messages) : messages;
  const sections = [
    ...[...instructions, ...(isPrefilled(messages) ? [CONTINUE] : [])].map((text) => ({ mark: 'System', text })),
    ...relevant.flatMap((message) => section(message, messages.indexOf(message))),
  ].filter(({ text }) => text.trim() !== '');
  if (!sections.some(({ mark }) => mark !== 'System' && mark !== 'Assistant')) {
    throw new GatewayError('invalid_request', {
      message: 'There is no message to answer: `messages` needs a user message (or a tool result) with text.',
      param: 'messages',
    });
  }
  const [only] = sections;
  if (sections.length === 1 && only?.mark === 'User') return only.text;
  const written = sections.map(({ mark, text }) => `[${mark}]\n${text}`);
  return [isContinued ? '' : PREAMBLE, ...written].filter((part) => part !== '').join('\n\n');
}

function sinceLastAnswer(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1);
}

function section(message: ChatMessage, index: number): Section[] {
  const text = textOfMessage(message, index);
  switch (message.role) {
    case 'system':
    case 'developer':
      return [{ mark: 'System', text }];
    case 'assistant':
      return [{ mark: 'Assistant', text: [text, writeCalls(message.tool_calls ?? [])].filter(Boolean).join('\n') }];
    case 'tool':
    case 'function':
      return [{ mark: resultMark(message), text: text === '' ? '(no output)' : text }];
    case 'user':
      return [{ mark: message.name === undefined ? 'User' : `User ${word(message.name)}`, text }];
    default:
      throw new GatewayError('invalid_request', {
        message: `A message has the role '${message.role}', which the web chat's prompt has no mark for.`,
        param: `messages[${index}].role`,
      });
  }
}

function resultMark({ tool_call_id: id, name }: ChatMessage): string {
  return ['Tool result', name, id]
    .filter((part) => part !== undefined)
    .map(word)
    .join(' ');
}

/** Inside a mark there is no room for its own end. */
function word(text: string): string {
  return text.replaceAll(/[[\]\r\n]/g, '_');
}
