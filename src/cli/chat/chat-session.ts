import type { ChatMessage } from '../../chat/chat.ts';
import { Failure } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Phrase } from '../language.ts';
import { type ListedModel, modelsOf } from '../models-of.ts';
import type { Question } from './ask.ts';
import { type Attachment, messageWith } from './attachment.ts';
import { type Choices, chosenMembers } from './choices.ts';
import { Dialogue } from './dialogue.ts';
import { checkConversationName, completionsPath, readConversation } from './stored-conversation.ts';
import { LOCAL_TOOLS } from './tools/index.ts';
import { toDeclaration } from './tools/local-tool.ts';
import { Totals } from './totals.ts';

/** Forks of one chat; each holds its dialogue. */
export const FORKS_LIMIT = 50;

/** What a chat knows, whoever shows it. */
export class ChatSession {
  readonly endpoint: Endpoint;
  readonly choices: Choices;
  readonly totals = new Totals();
  dialogue: Dialogue;
  /** The conversation of the gateway that the dialogue is kept in. */
  conversation: string | undefined;
  /** What goes with the next message. */
  attachments: readonly Attachment[] = [];
  /** Other ways that the dialogue took, by their names; the present one is not among them. */
  readonly forks = new Map<string, Dialogue>();
  fork = 'main';
  /** The system prompt as the gateway remembers it. */
  #toldSystem: string | undefined;
  #models: Promise<readonly ListedModel[]> | undefined;

  constructor(endpoint: Endpoint, choices: Choices, system: string | undefined) {
    this.endpoint = endpoint;
    this.choices = choices;
    this.dialogue = new Dialogue(system);
  }

  /** The message of a question with all that is attached, which is attached no longer. */
  takeMessage(question: string): ChatMessage {
    const message = messageWith(question, this.attachments);
    this.attachments = [];
    return message;
  }

  /** `pending`: the question, and the calls with their results behind it. `isFirst`: nothing of it was sent yet. */
  questionFor(pending: readonly ChatMessage[], stream: boolean): Question {
    const tools = this.choices.tools ? { tools: LOCAL_TOOLS.map(toDeclaration) } : {};
    const members = { ...chosenMembers(this.choices), ...tools };
    if (this.conversation === undefined) {
      return {
        path: '/v1/chat/completions',
        body: { ...members, messages: [...this.dialogue.history(), ...pending] },
        stream,
      };
    }
    return {
      path: completionsPath(this.conversation),
      body: { ...members, messages: this.#newMessages(pending) },
      stream,
    };
  }

  /** Only what the gateway does not remember. */
  #newMessages(pending: readonly ChatMessage[]): readonly ChatMessage[] {
    const answered = pending.findLastIndex(({ role }) => role === 'assistant');
    if (answered >= 0) return pending.slice(answered + 1);
    const { system } = this.dialogue;
    if (system === this.#toldSystem) return pending;
    this.#toldSystem = system;
    return system === undefined ? pending : [{ role: 'system', content: system }, ...pending];
  }

  /** Goes on with a conversation of the gateway, or begins it. Resolves with its turns so far. */
  async goOn(name: string): Promise<number> {
    const known = await readConversation(this.endpoint, checkConversationName(name));
    this.conversation = name;
    if (known !== undefined) this.dialogue.replace(known);
    this.#toldSystem = known === undefined ? undefined : this.dialogue.system;
    return this.dialogue.turns.length;
  }

  /** The names that `/model` takes; asked for once. */
  models(): Promise<readonly ListedModel[]> {
    this.#models ??= modelsOf(this.endpoint).catch((thrown: unknown) => {
      this.#models = undefined;
      throw thrown;
    });
    return this.#models;
  }

  /** Takes another way of the dialogue for the present one. */
  switchTo(name: string, dialogue: Dialogue): void {
    if (this.forks.size >= FORKS_LIMIT) {
      throw new Failure({ en: `There are ${FORKS_LIMIT} forks already.`, zh: `已有 ${FORKS_LIMIT} 个分支。` });
    }
    this.forks.set(this.fork, this.dialogue);
    this.forks.delete(name);
    this.fork = name;
    this.dialogue = dialogue;
  }
}

/** How a chat speaks to the person in front of it. */
export interface ChatVoice {
  say(words: Phrase): void;
  warn(words: Phrase): void;
  /** A yes or no; no where nobody answers. */
  agree(question: Phrase): Promise<boolean>;
}
