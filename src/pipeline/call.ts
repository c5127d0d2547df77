import type { ChatChunk, Usage } from '../chat/chat.ts';
import type { Repair } from '../dialect/repair-request.ts';
import type { Signal } from '../signal.ts';
import type { WebChat } from '../upstreams/kimi-web/web-chat.ts';
import type { Asked } from './prepare.ts';
import type { SearchPlan } from './search/search-plan.ts';

/** A chat request on its way through the gateway. */
export interface ChatCall {
  readonly requestId: string;
  /** The client's body, untouched. */
  readonly body: Buffer;
  /** What was read of it; belongs to the first attempt, which changes it. */
  readonly asked: Asked;
  /** The same request, or what it was changed to, in the inside's shape; undefined if the body has it already. Another one is Anthropic's. */
  readonly inside?: ((changed?: Buffer) => Inside) | undefined;
  /** The body was translated from Anthropic's shape, and its answer goes back into it. */
  readonly carries?: boolean | undefined;
  /** The client's protocol has words for the searches that were made on the way. */
  readonly showsSearches?: boolean | undefined;
  /** The answer is to rest on a search, and what became of that so far. */
  readonly search?: SearchPlan | undefined;
  /** Whose call it is: the name of the inbound key. What is remembered of one owner is not shown to another. */
  readonly owner: string;
  /** What was done to the request before it was known who serves it. */
  readonly notes?: readonly string[];
  /** Refuse instead of repairing. */
  readonly strict: boolean;
  /** Check the tool calls of the answer, and ask once more where they do not fit what was declared. */
  readonly validates: boolean;
  readonly signal: Signal;
  /** How the client names itself; the coding surface lets some in by it. */
  readonly callerAgent: string | undefined;
  /** A buffer for the time of the call. */
  allocate(size: number): Buffer;
  /** Only a turn of a conversation is bound to anything. */
  readonly bound?: Bound | undefined;
}

/** What a turn of a conversation is bound to. */
export interface Bound {
  /** The surface's own chat to go on with; `new`: one that later turns will go on with, where the surface has such. */
  readonly chat: WebChat | 'new';
  /** The only surface that may serve; undefined: any. */
  readonly surface: string | undefined;
  /** Ids of credentials that must not serve. */
  readonly never: ReadonlySet<string>;
  /** Ids of credentials that are asked first only if nobody else is free: another one knows the history. */
  readonly strange: ReadonlySet<string>;
}

/** A request translated into the inside's shape, with notes of what that has no words for. */
export interface Inside {
  readonly body: Buffer;
  readonly notes: readonly string[];
}

/** Who serves the call and what was done for it; complete when the answer begins. */
export interface Served {
  /** The model that serves, as its surface names it. */
  readonly model: string;
  readonly asked: string;
  readonly because: string;
  readonly surface: string;
  /** Masked. */
  readonly credential: string;
  readonly repairs: readonly Repair[];
  /** What the answer had to be like and the surface could not be told: how many calls it took, and whether it is. */
  readonly demand?: { readonly rule: string; readonly calls: number; readonly met: boolean } | undefined;
  /** What the surface's adapter could not carry, or did in another way. */
  readonly notes: readonly string[];
  /** Why earlier attempts were given up, oldest first. */
  readonly fallbacks: readonly string[];
  /** Milliseconds spent waiting for surfaces until the answer began. */
  readonly waitedMs: number;
  /** The chat on the surface that a conversation can go on with; known when the answer has ended. */
  readonly chat?: (() => WebChat | undefined) | undefined;
}

/** The answer to a chat call: whole, or as runs of whole SSE events in OpenAI's grammar without the final `[DONE]`. */
export type ChatAnswer = Served & {
  readonly outcome: Outcome;
  /** It is in the client's own protocol already, with its end. */
  readonly untranslated?: boolean;
} & ({ readonly whole: Buffer } | { readonly events: AsyncIterable<Buffer> });

export interface SearchOutcome {
  readonly searches: number;
  readonly pages: number;
  readonly notes: readonly string[];
}

/** What is known when the answer has ended; filled while it is read. */
export class Outcome {
  usage: Usage | undefined;
  /** What other calls used that the answer needed, and its client is not told of. */
  besides: Usage | undefined;
  finishReason: string | undefined;
  /** Of an answer that was searched for. */
  search: SearchOutcome | undefined;

  observe(chunk: ChatChunk): void {
    for (const choice of chunk.choices ?? []) {
      if (choice?.finish_reason) this.finishReason = choice.finish_reason;
      if (choice?.usage) this.usage = choice.usage;
    }
    if (chunk.usage) this.usage = chunk.usage;
  }
}
