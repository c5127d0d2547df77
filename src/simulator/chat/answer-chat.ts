import type { Account } from '../accounts/account.ts';
import { BLOCK_TOKENS } from '../accounts/prefix-cache.ts';
import type { Exchange } from '../exchange.ts';
import type { JsonObject } from '../json.ts';
import type { Draft } from '../script/draft.ts';
import { findScript } from '../script/find-script.ts';
import { playScript, type ScriptMemory } from '../script/play.ts';
import { demoDraft } from './demo.ts';
import { composeOutput } from './output.ts';
import { readChatRequest } from './read-request.ts';
import { makeReply, type Reply } from './reply.ts';
import type { ChatRequest, RuleContext } from './request.ts';
import { completion, sendCompletion } from './send-completion.ts';
import { sendStream } from './send-stream.ts';

export interface ChatParts {
  readonly account: Account;
  readonly memory: ScriptMemory;
  readonly now: () => number;
  readonly paceMs: number;
  /** Lets the request in or throws; default: the account's money and rate. */
  readonly enter?: () => void;
  /** Whether the effort is part of a cached prefix; default true. */
  readonly effortInPrefix?: boolean;
}

/** Sends an answer in the grammar of one face. */
export interface FaceSender {
  readonly stream: (reply: Reply, exchange: Exchange) => Promise<void>;
  readonly whole: (reply: Reply, exchange: Exchange) => Promise<void>;
}

const CHAT_FACE: FaceSender = { stream: sendStream, whole: sendCompletion };

/** The story of a chat request: rules, money and rate, script or demo, caps, and the bytes. */
export async function answerChat(
  exchange: Exchange,
  body: JsonObject,
  context: RuleContext,
  parts: ChatParts,
): Promise<void> {
  await answerRequest(exchange, readChatRequest(body, context), parts, CHAT_FACE);
}

/** The same for a request that is known to break no rule, in whatever face it came. */
export async function answerRequest(
  exchange: Exchange,
  request: ChatRequest,
  parts: ChatParts,
  face: FaceSender,
): Promise<void> {
  const { account } = parts;
  account.enter(parts.enter);
  try {
    const draft = draftFor(request, parts.memory);
    if (draft.delayMs > 0) await exchange.sleep(draft.delayMs);
    if (draft.failure !== undefined) throw draft.failure;
    const output = composeOutput(draft, request);
    const hit = account.cache.use(cacheText(request, parts.effortInPrefix ?? true));
    const cached = Math.min(hit, request.promptTokens - (request.promptTokens % BLOCK_TOKENS));
    account.limiter.charge(request.promptTokens + output.completionTokens);
    const reply = makeReply({ request, draft, output, cached, now: parts.now(), paceMs: parts.paceMs });
    await (request.stream ? face.stream(reply, exchange) : face.whole(reply, exchange));
  } finally {
    account.limiter.leave();
  }
}

/** A whole answer without an exchange: a line of a batch. Throws what the script says. */
export function completionFor(request: ChatRequest, memory: ScriptMemory, now: number): unknown {
  const draft = draftFor(request, memory);
  if (draft.failure !== undefined) throw draft.failure;
  const output = composeOutput(draft, request);
  return completion(makeReply({ request, draft, output, cached: 0, now, paceMs: 0 }));
}

function draftFor(request: ChatRequest, memory: ScriptMemory): Draft {
  const script = findScript(request.messages);
  if (script?.lines === undefined) return demoDraft(request);
  return playScript(script.lines, memory.attempt(script));
}

/** What a cached prefix is made of: model, effort (a line of the system prompt), tools, then the messages in their order. */
function cacheText(request: ChatRequest, effortInPrefix: boolean): string {
  const { model, thinking, tools, messages } = request;
  const effort = effortInPrefix ? (thinking.effort ?? '') : '';
  const head = [model.id, effort, JSON.stringify(tools.map((tool) => tool.raw))];
  return [...head, ...messages.map((message) => JSON.stringify(message.raw))].join('\n');
}
