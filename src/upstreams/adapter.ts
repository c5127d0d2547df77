import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Credential } from '../credential.ts';
import type { ListedModel } from '../models/catalogue.ts';
import type { ModelFacts } from '../models/facts.ts';
import type { Signal } from '../signal.ts';
import type { WebChat } from './kimi-web/web-chat.ts';
import type { QuotaReading } from './quota.ts';
import type { SearchFace } from './search-face.ts';
import type { Surface } from './surface.ts';

/** How a kind of surface is spoken to. The inside speaks OpenAI's chat shape; an adapter translates at the rim. */
export interface Adapter {
  /** Sends a chat request. Anything but an answer is thrown as a GatewayError, before the first byte of one. */
  sendChat(call: ChatSend): Promise<ChatReply>;
  /** What `sendChat` sends for a caller whose name says nothing to the surface; without it the body, as it is, to `/chat/completions`. */
  preview?(surface: Surface, body: Buffer): Preview;
  /** Sends a request in Anthropic's shape as it is; the answer comes back in that shape. Without it there is no such face. */
  readonly messages?: MessagesFace;
  /** How the web is searched there; `itself`: asked by `web_search_options`, it does. Without it there is no search. */
  readonly search?: SearchFace | 'itself';
  /** What the surface offers to this credential. */
  listModels(place: Place): Promise<ListedModel[]>;
  /** Whether the credential works, where the list of models does not show it. */
  check?(place: Place): Promise<unknown>;
  /** What its account has left; undefined where the surface does not tell. */
  readQuota?(place: Place): Promise<QuotaReading | undefined>;
  /** Who the account is, where the surface tells: credentials with the same answer share one account. */
  readIdentity?(place: Place): Promise<string | undefined>;
  /** Deletes a chat that the surface keeps; undefined where surfaces keep none. */
  deleteChat?(place: Place, chat: WebChat): Promise<void>;
}

export interface Preview {
  /** Below the surface's origin. */
  readonly path: string;
  readonly body: Buffer;
  /** What could not be said there. */
  readonly notes: readonly string[];
}

/** A face that speaks Anthropic's Messages. */
export interface MessagesFace {
  /** Where its requests go, below the surface's origin. */
  path(surface: Surface): string;
  /** Whether requests in its own shape for this model go to it. */
  takes(surface: Surface, facts: ModelFacts | undefined): boolean;
  /** As `sendChat`, but in Anthropic's shape both ways. */
  send(call: ChatSend): Promise<ChatReply>;
}

/** Whom to speak to, as whom, and for how long. */
export interface Place {
  readonly surface: Surface;
  readonly credential: Credential;
  readonly clock: Clock;
  /** Aborts the call. */
  readonly signal: Signal;
}

export interface ChatSend extends Place {
  /** The repaired request. */
  readonly body: Buffer;
  /** What `body` asks for. An adapter whose surface can only stream may stream all the same. */
  readonly stream: boolean;
  /** The User-Agent of whoever called us, for surfaces that let known agents in. */
  readonly callerAgent?: string | undefined;
  /** The caller speaks Anthropic's Messages: what only that shape can say is to be kept in the answer. */
  readonly carries?: boolean | undefined;
  /** The conversation on the server to go on with, or `new`: begin one that will be gone on with. Undefined: stateless. */
  readonly chat?: WebChat | 'new' | undefined;
}

/** An answer in the shape of the request. */
export interface ChatReply {
  /** The body is a stream of events, whatever was asked for. */
  readonly stream: boolean;
  readonly headers: IncomingHttpHeaders;
  readonly body: ReplyBody;
  /** What the adapter changed or could not say on the way up. */
  readonly notes?: readonly string[];
  /** The conversation on the server as far as it is known; complete when the body has ended. */
  readonly chat?: (() => WebChat | undefined) | undefined;
}

/** Bytes as they arrive; an error of the surface is thrown while they are read. */
export interface ReplyBody extends AsyncIterable<Buffer> {
  /** The reader has what it needs; the rest may end by itself, so that the connection can be used again. */
  release(): void;
}
