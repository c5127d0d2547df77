import type { ChatChunk, ChatCompletion, ChatMessage, ChatRequest } from '../chat/chat.ts';
import type { MessageOutline } from '../chat/message-outline.ts';
import type { TokenCalibration } from '../chat/token-calibration.ts';
import type { ModelFacts } from '../models/facts.ts';
import type { ReasoningScope } from './reasoning/reasoning-memory.ts';

/** What kind of place a request goes to. Rules ask for this, never for a host name. */
export type SurfaceKind = 'platform' | 'coding' | 'web' | 'compatible';

/** What a rule is keyed on: surface x model x thinking. */
export interface Situation {
  readonly surface: SurfaceKind;
  /** Undefined for a model that the catalogue does not know. */
  readonly model: ModelFacts | undefined;
  /** Whether the model will think before it answers this request. */
  readonly thinking: boolean;
}

/** One difference between Kimi and what OpenAI clients expect, and its repair. */
export interface Rule {
  readonly id: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly why: string;
  /** Where the difference is recorded: a documentation page, an issue, a measurement; and when that was seen. */
  readonly source: string;
  readonly seen: string;
  readonly when: (situation: Situation) => boolean;
  readonly request?: RequestRepair;
  /**
   * The sentence with which a surface refuses what this rule is about. If it still comes, the vendor has moved: the repair
   * is then made whatever `when` and the trigger say, and the request is sent once more.
   */
  readonly refusal?: RegExp;
  /** What to do on that refusal if the ordinary repair changes nothing. Returns the same object if it cannot help. */
  readonly refused?: (request: ChatRequest, turn: Turn, sentence: string) => ChatRequest;
  /** The repair of the answer to one call, where that does not depend on what was done to the request. */
  readonly answer?: (call: AnsweredCall) => AnswerRepair | undefined;
}

export interface RequestRepair {
  /** The top-level members that `apply` may look at; it gets those that are there. Each is parsed when it is first read. */
  readonly reads: readonly string[];
  /**
   * The repair depends on this member alone, and on what the rule is keyed on. For a member that is the same bytes as in
   * an earlier request its outcome is remembered; one that adds to the answer only while it changed nothing.
   */
  readonly dependsOn?: string;
  /** A request of which none of this is true cannot need the repair; it is not parsed for it. */
  readonly trigger: Trigger;
  /** Returns the same object if nothing is to be done, else a copy: members left out are removed, new ones added. */
  apply(request: ChatRequest, turn: Turn): ChatRequest;
}

/** Cheap questions to a request that is still bytes. One that is answered with yes is enough. */
export interface Trigger {
  /** One of these top-level members is there. */
  readonly members?: readonly string[];
  /** One of these members is there and null, `""`, `[]` or `{}`. */
  readonly empty?: readonly string[];
  /** This text stands in the bytes of a member. */
  readonly text?: { readonly within: string; readonly text: string };
  /** Asked of all the bytes. */
  readonly bytes?: (bytes: Buffer) => boolean;
  /** Asked of the outline of each message, once in its life: the next request of a conversation holds it again. */
  readonly message?: (message: MessageOutline) => boolean;
  /** Asked of the outline of `messages`, which is made once per request. */
  readonly outline?: (messages: readonly MessageOutline[]) => boolean;
}

/** What a request repair may use besides the request. */
export interface Turn {
  readonly situation: Situation;
  /** Says what was done, for the header, the log and `explain`: `temperature 0.7 left out`. */
  note(what: string): void;
  /** Adds a repair of the answer that this request needs, in the order of the rules. */
  onAnswer(repair: AnswerRepair): void;
  /** Adds a repair of the answer that takes back towards the client what was done to the request: behind all others. */
  undo(repair: AnswerRepair): void;
  /** The client wants a stream. */
  readonly stream: boolean;
  /** Adds a demand on the answer that asking once more can meet. */
  onRetry(retry: AnswerRetry): void;
  /** The reasoning of earlier answers to the same caller, if it is remembered. */
  readonly reasoning?: ReasoningScope;
  /** What the gateway fetched of the public URLs in the messages, as data URLs. */
  readonly images?: ReadonlyMap<string, string>;
  /** The length of the request that came, which is more than the tokens of its text. */
  readonly requestBytes?: number;
  /** An estimate of the tokens that the prompt takes; reads the whole request, so ask only if it matters. */
  promptTokens?(): number;
}

/**
 * What the request asked for and the surface cannot be told to do: the answer is looked at when it is whole, and if it
 * falls short, the request goes up again with more messages behind it. A stream is held back until it is whole or
 * `isMet` by a part of it. The answer of the last try goes to the client as it is.
 */
export interface AnswerRetry {
  readonly rule: string;
  /** How often at most the request goes up again. */
  readonly limit: number;
  /** Whether this chunk shows that the answer is as it should be; `whole` puts together what has come so far. */
  isMet(chunk: ChatChunk, whole: () => ChatCompletion): boolean;
  /** The messages to append for the next try; undefined if the answer is as it should be or another try cannot help. */
  again(completion: ChatCompletion): readonly ChatMessage[] | undefined;
}

/** What the repair of an answer may know of the request. */
export interface AnsweredCall {
  readonly stream: boolean;
  /** The client asked for a usage chunk at the end of the stream. */
  readonly includeUsage: boolean;
  /** The request declares tools; found by `repairRequest`. */
  readonly tools?: boolean;
  /** Where the reasoning of this caller's answers is remembered. */
  readonly reasoning?: ReasoningScope;
  /** What the gateway fetched of the public URLs in the messages, as data URLs. */
  readonly images?: ReadonlyMap<string, string>;
  /** What estimates of tokens are off, by model. */
  readonly tokens?: TokenCalibration | undefined;
  /** The model as its surface names it. */
  readonly servedAs?: string;
}

export interface AnswerRepair {
  /**
   * Texts of which one stands in the bytes of every chunk, or of the whole answer, that concerns the repair, written as
   * compact JSON has them. What contains none of them is never parsed.
   */
  readonly needles: readonly string[];
  /** A text that shows in a whole answer that there is nothing to do, whatever else stands there. */
  readonly unless?: string;
  /** While this holds, the next chunk is parsed whatever it contains: the repair is in the middle of something. */
  isAlert?(): boolean;
  /** Returns the same object if nothing is to be done, undefined to leave the chunk out. */
  chunk?(chunk: ChatChunk): ChatChunk | undefined;
  /** Chunks to be sent when the surface has sent its last one. */
  end?(): readonly ChatChunk[];
  completion?(completion: ChatCompletion): ChatCompletion;
  /** Whether nothing more that comes can reach the client: the call to the surface may be given up. */
  finished?(): boolean;
}

/** A copy without some members; the same object if it has none of them. */
export function without(request: ChatRequest, members: readonly string[]): ChatRequest {
  if (!members.some((member) => member in request)) return request;
  return Object.fromEntries(Object.entries(request).filter(([member]) => !members.includes(member)));
}
