import type { ChatMessage } from '../../../chat/chat.ts';
import type { Language, Phrase } from '../../language.ts';
import type { Question } from '../ask.ts';
import type { ChatSession } from '../chat-session.ts';

/** What a slash command may touch of the chat. */
export interface ChatControls {
  readonly session: ChatSession;
  readonly language: Language;
  readonly stream: boolean;
  showReasoning: boolean;
  say(words: Phrase): void;
  warn(words: Phrase): void;
  agree(question: Phrase): Promise<boolean>;
  /** Something that may take longer than a second. */
  waitFor<Result>(what: Phrase, work: Promise<Result>): Promise<Result>;
  ask(question: ChatMessage, firstQuestion?: Question): Promise<void>;
}

export interface SlashCommand {
  readonly name: string;
  readonly args?: string;
  readonly summary: Phrase;
  run(chat: ChatControls, rest: string): Promise<void> | void;
  /** The ways to go on with its argument. */
  complete?(session: ChatSession, rest: string): Promise<readonly string[]> | readonly string[];
}

export const ON_OFF = ['on', 'off'] as const;

/** `on`, `off`, or undefined after saying what the command takes. */
export function readSwitch(chat: ChatControls, name: string, text: string): boolean | undefined {
  if (text === 'on' || text === 'off') return text === 'on';
  chat.say({ en: `/${name} takes on or off.`, zh: `/${name} 的参数是 on 或 off。` });
  return undefined;
}
