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
import { makeReply } from './reply.ts';
import type { ChatRequest, RuleContext } from './request.ts';
import { sendCompletion } from './send-completion.ts';
import { sendStream } from './send-stream.ts';

export interface ChatParts {
  readonly account: Account;
  readonly memory: ScriptMemory;
  readonly now: () => number;
  readonly paceMs: number;
}

/** The story of a chat request: rules, money and rate, script or demo, caps, and the bytes. */
export async function answerChat(
  exchange: Exchange,
  body: JsonObject,
  context: RuleContext,
  parts: ChatParts,
): Promise<void> {
  const { account } = parts;
  const request = readChatRequest(body, context);
  account.enter();
  try {
    const draft = draftFor(request, parts.memory);
    if (draft.delayMs > 0) await exchange.sleep(draft.delayMs);
    if (draft.failure !== undefined) throw draft.failure;
    const output = composeOutput(draft, request);
    const hit = account.cache.use(cacheText(request));
    const cached = Math.min(hit, request.promptTokens - (request.promptTokens % BLOCK_TOKENS));
    account.limiter.charge(request.promptTokens + output.completionTokens);
    const reply = makeReply({ request, draft, output, cached, now: parts.now(), paceMs: parts.paceMs });
    await (request.stream ? sendStream(reply, exchange) : sendCompletion(reply, exchange));
  } finally {
    account.limiter.leave();
  }
}

function draftFor(request: ChatRequest, memory: ScriptMemory): Draft {
  const script = findScript(request.messages);
  if (script?.lines === undefined) return demoDraft(request);
  return playScript(script.lines, memory.attempt(script));
}

/** What a cached prefix is made of: model, effort (a line of the system prompt), tools, then the messages in their order. */
function cacheText(request: ChatRequest): string {
  const { model, thinking, tools, messages } = request;
  const head = [model.id, thinking.effort ?? '', JSON.stringify(tools.map((tool) => tool.raw))];
  return [...head, ...messages.map((message) => JSON.stringify(message.raw))].join('\n');
}
