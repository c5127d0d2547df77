import { estimateTokens } from '../chat/estimate-tokens.ts';
import { GatewayError } from '../errors.ts';
import type { BudgetHold } from '../keys/budgets.ts';
import { LimitRefusal, type TakenLimits, takeLimits } from '../keys/call-limits.ts';
import { DeliveredTokens } from '../keys/delivered-tokens.ts';
import type { InboundKey } from '../keys/inbound-key.ts';
import type { Tokens } from '../models/cost.ts';
import type { Resolution } from '../models/resolve.ts';
import type { ChatParts } from '../pipeline/answer-chat.ts';
import type { ChatAnswer } from '../pipeline/call.ts';
import type { Asked } from '../pipeline/prepare.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { costOf, dearestCost, estimateCalls, NO_TOKENS, searchesCost, usedTokens } from './call-estimate.ts';
import type { RouteContext } from './route.ts';

/** The client does not wait longer than this for what it has used to be written down. */
const SETTLE_MS = 1_000;

/**
 * Judges a call by the rules of its key, and takes of its limits what the call may need. Throws model_not_allowed,
 * key_rate_limited, key_busy, budget_exhausted. Undefined where no model is named: then nobody answers.
 */
export async function permitCall(
  key: InboundKey,
  requests: readonly [Asked, ...Asked[]],
  context: RouteContext,
): Promise<Permit | undefined> {
  const { runtime, clock, keys } = context;
  const { chat } = runtime.scopes.of(key.rules);
  const model = requests[0].model ?? runtime.config.models.default;
  if (model === undefined) return undefined;
  const resolution = chat.resolve(model);
  const { tpm, budget } = key.rules;
  const estimate = tpm === undefined && budget === undefined ? NO_TOKENS : estimateCalls(requests, resolution, runtime);
  const limits = await takeOf(key, estimate, context);
  const cost = budget === undefined ? 0 : dearestCost(estimate, resolution, runtime, clock.now());
  try {
    const hold = cost > 0 ? await keys.budgets.hold(key, cost) : undefined;
    return new Permit({ key, context, chat, resolution, estimate, limits, hold });
  } catch (thrown) {
    const free = isShort(thrown) ? onlyFree(chat, resolution, runtime, clock.now()) : undefined;
    if (free) return new Permit({ key, context, ...free, estimate, limits, hold: undefined });
    await limits.end('undone');
    throw thrown;
  }
}

/** There is not enough money left, or it is set aside. */
function isShort(thrown: unknown): boolean {
  const { code } = GatewayError.from(thrown);
  return code === 'budget_exhausted' || code === 'key_busy';
}

/** What costs nothing by the token needs no money: undefined where nothing of that kind serves the model. */
function onlyFree(
  chat: ChatParts,
  resolution: Resolution,
  runtime: Runtime,
  at: number,
): Pick<PermitParts, 'chat' | 'resolution' | 'note'> | undefined {
  const free = (all: Resolution): Resolution => ({
    ...all,
    targets: all.targets.filter(({ model, surface }) => costOf(MANY_TOKENS, model, surface, runtime, at) === 0),
  });
  const own = free(resolution);
  if (own.targets.length === 0) return undefined;
  return { chat: { ...chat, resolve: (asked) => free(chat.resolve(asked)) }, resolution: own, note: FREE_ONLY };
}

const MANY_TOKENS: Tokens = { input: 1_000_000, cached: 0, output: 1_000_000 };
const FREE_ONLY = 'the budget of the key is used up: only what costs nothing by the token was asked';

/** A request that asks no model: it counts as one while it lasts, and uses no tokens. Throws what `permitCall` throws. */
export async function countErrand<T>(context: RouteContext, work: () => Promise<T>): Promise<T> {
  const limits = context.key && (await takeOf(context.key, NO_TOKENS, context));
  try {
    return await work();
  } finally {
    await limits?.end(0);
  }
}

async function takeOf(key: InboundKey, { input, output }: Tokens, context: RouteContext): Promise<TakenLimits> {
  try {
    const taken = await takeLimits(context.state.coordination, key, input + output);
    context.limits = taken.states;
    return taken;
  } catch (thrown) {
    if (thrown instanceof LimitRefusal) context.limits = thrown.states;
    throw thrown;
  }
}

interface PermitParts {
  readonly key: InboundKey;
  readonly context: RouteContext;
  readonly chat: ChatParts;
  readonly resolution: Resolution;
  readonly estimate: Tokens;
  readonly limits: TakenLimits;
  readonly hold: BudgetHold | undefined;
  /** What the client is to know of it. */
  readonly note?: string;
}

/** What a key was allowed for one call. Ends when the answer has ended, however that was. */
export class Permit {
  readonly #parts: PermitParts;
  /** Of calls beside the answer. */
  #tokensBesides = 0;
  #costBesides = 0;
  #isOver = false;
  #isRead = false;

  constructor(parts: PermitParts) {
    this.#parts = parts;
  }

  /** What answers it: the names mean what the key may use. */
  get chat(): ChatParts {
    return this.#parts.chat;
  }

  /** The same answer, counted when it has ended. */
  async counted(answering: Promise<ChatAnswer>): Promise<ChatAnswer> {
    let answer: ChatAnswer;
    try {
      answer = await answering;
    } catch (thrown) {
      // Whoever leaves has had somebody read the prompt; a call that failed costs nothing.
      await (GatewayError.from(thrown).code === 'client_closed' ? this.#endUnserved() : this.#end(NO_TOKENS, 0));
      throw thrown;
    }
    const { note } = this.#parts;
    if (note !== undefined) answer = { ...answer, notes: [note, ...answer.notes] };
    if ('events' in answer) return { ...answer, events: this.#read(answer, answer.events) };
    const { whole } = answer;
    await this.#answered(answer, () => estimateTokens(whole));
    return answer;
  }

  /** Another call that was made for the same answer, and is whole. */
  besides(answer: ChatAnswer): void {
    const { estimate, context } = this.#parts;
    const delivered = () => ('whole' in answer ? estimateTokens(answer.whole) : 0);
    const used = usedTokens(answer) ?? { ...estimate, output: delivered() };
    this.#tokensBesides += used.input + used.output;
    this.#costBesides += costOf(used, answer.model, answer.surface, context.runtime, context.clock.now());
  }

  /** The reply has ended. Whoever reads the answer counts it; if nobody has begun to, nobody will. */
  abandon(): void {
    if (!this.#isRead) void this.#endUnserved();
  }

  /** Nobody knows who would have served it, nor how long the answer would have been. */
  async #endUnserved(): Promise<void> {
    const { estimate, resolution, context } = this.#parts;
    const prompt = { ...estimate, output: 0 };
    await this.#end(prompt, dearestCost(prompt, resolution, context.runtime, context.clock.now()));
  }

  async *#read(answer: ChatAnswer, events: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    this.#isRead = true;
    const { tpm, budget } = this.#parts.key.rules;
    const isCounted = tpm !== undefined || budget !== undefined;
    const delivered = new DeliveredTokens();
    let isCut = true;
    try {
      for await (const run of events) {
        if (isCounted) delivered.add(run);
        yield run;
      }
      isCut = false;
    } finally {
      await this.#answered(answer, () => delivered.tokens, isCut);
    }
  }

  async #answered(answer: ChatAnswer, delivered: () => number, isCut = false): Promise<void> {
    const { estimate, context } = this.#parts;
    const told = usedTokens(answer);
    // Some surfaces tell the prompt at the beginning; what an answer has come to is told at its end only.
    const used = told && !isCut ? told : { ...(told ?? estimate), output: Math.max(told?.output ?? 0, delivered()) };
    const { runtime, clock } = context;
    const cost = costOf(used, answer.model, answer.surface, runtime, clock.now());
    await this.#end(used, cost + searchesCost(answer, runtime));
  }

  /** The next call of the same client finds its place free, and its budget as it is. */
  async #end({ input, output }: Tokens, cost: number): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { limits, hold, context } = this.#parts;
    const tokens = Math.ceil(input + output + this.#tokensBesides);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancel = context.clock.after(SETTLE_MS, resolve);
    await Promise.race([Promise.all([limits.end(tokens), hold?.end(cost + this.#costBesides)]), late]);
    cancel();
  }
}
