import { addUsage } from '../../chat/add-usage.ts';
import type { ChatChunk, ChatCompletion, Usage } from '../../chat/chat.ts';
import { unfold } from '../../chat/fold.ts';
import type { Resolution } from '../../models/resolve.ts';
import { splitEvents } from '../../stream/sse-reader.ts';
import type { SearchPlace } from '../../upstreams/search-face.ts';
import type { ChatParts } from '../answer-chat.ts';
import type { Caller } from '../attempts.ts';
import { type ChatAnswer, type ChatCall, Outcome } from '../call.ts';
import { readRequest } from '../prepare.ts';
import type { AnswerOnce } from './answer-searching.ts';
import { Citations } from './citations.ts';
import { Round, type Told } from './round.ts';
import { runSearches, type Searched } from './run-searches.ts';
import type { SearchPlan } from './search-plan.ts';

export interface RoundsParts {
  readonly call: ChatCall & Caller;
  readonly plan: SearchPlan;
  readonly resolution: Resolution;
  readonly parts: ChatParts;
  readonly once: AnswerOnce;
}

/** The rounds of one answer, as one stream of chunks with one end. */
export class SearchRounds {
  readonly outcome = new Outcome();
  /** Milliseconds spent waiting for surfaces so far. */
  waitedMs: number;
  readonly #parts: RoundsParts;
  readonly #first: ChatAnswer;
  readonly #spent: Usage[] = [];
  readonly #told: Told;
  readonly #searches = { searches: 0, pages: 0, notes: [] as string[] };
  #calls = 0;
  #newsAt = 0;

  constructor(parts: RoundsParts, first: ChatAnswer) {
    const { call, plan } = parts;
    this.#parts = parts;
    this.#first = first;
    this.waitedMs = first.waitedMs;
    this.outcome.search = this.#searches;
    this.#told = {
      head: undefined,
      gap: call.showsSearches && call.asked.stream ? '' : '\n\n',
      hasRole: false,
      hasText: false,
      hasThought: false,
      calls: 0,
      citations: new Citations(plan.tools?.face.hidesResults === true),
    };
  }

  async *run(): AsyncGenerator<readonly ChatChunk[]> {
    const { plan } = this.#parts;
    for (let answer = this.#first; ; answer = await this.#again(answer)) {
      const round = new Round((name) => plan.tools?.functions.has(name) ?? false, this.#told);
      for await (const chunks of batches(answer)) {
        const told = chunks.map((chunk) => round.add(chunk)).filter((chunk) => chunk !== undefined);
        if (told.length > 0) yield told;
      }
      this.#count(answer);
      const goesOn =
        round.own.length > 0 && !round.isClients && round.closing?.choices?.[0]?.finish_reason !== 'length';
      if (!goesOn || plan.isLast) {
        yield this.#end(round);
        return;
      }
      const searched = await this.#search(round, answer);
      plan.found.push(round.message(), ...searched.messages);
      plan.round++;
      yield* this.#show(searched.steps, round);
    }
  }

  /** What was noted since this was asked last. */
  news(): readonly string[] {
    const { notes } = this.#searches;
    const news = notes.slice(this.#newsAt);
    this.#newsAt = notes.length;
    return news;
  }

  #count({ outcome }: ChatAnswer): void {
    if (outcome.usage) this.#spent.push(outcome.usage);
    this.outcome.usage = this.#spent.length > 0 ? this.#usage() : undefined;
    this.outcome.finishReason = outcome.finishReason;
  }

  async #search(round: Round, answer: ChatAnswer): Promise<Searched> {
    const { plan, parts } = this.#parts;
    const since = parts.clock.ticks();
    const searched = await runSearches(round.own, plan, this.#place(answer), plan.calls - this.#calls);
    this.#calls += round.own.length;
    this.waitedMs += parts.clock.ticks() - since;
    for (const step of searched.steps) {
      if (!step.failed) this.#searches[step.kind === 'page' ? 'pages' : 'searches']++;
      for (const source of step.sources) this.#told.citations.add(source);
    }
    for (const failure of searched.failures) this.#searches.notes.push(`a web search failed (${failure})`);
    return searched;
  }

  /** The credential that has just served: what it was shown is for its account alone. */
  #place({ surface: id, credential: name }: ChatAnswer): SearchPlace | undefined {
    const { call, parts } = this.#parts;
    const credential = parts.pool.all(id).find((one) => one.id === name);
    if (!credential) return undefined;
    const { signal, callerAgent } = call;
    return { surface: parts.surface(id), credential, clock: parts.clock, signal, callerAgent };
  }

  /** The next round, with the same surface and, if it is free, the same credential: they know the history. */
  async #again({ surface, credential }: ChatAnswer): Promise<ChatAnswer> {
    const { call, plan, resolution, parts, once } = this.#parts;
    const all = parts.pool.all(surface);
    const account = all.find(({ id }) => id === credential)?.account;
    const others = new Set(all.filter(({ id }) => id !== credential).map(({ id }) => id));
    // What is encrypted for the model was made for this organisation; that another may send it nobody has shown.
    const only = plan.tools?.face.hidesResults === true ? account : call.only;
    const targets = resolution.targets.filter((target) => target.surface === surface);
    const asked = readRequest(call.body);
    const same = { ...call, asked, search: plan, others, only };
    const answer = await once(same, { ...resolution, targets }, parts);
    this.waitedMs += answer.waitedMs;
    return answer;
  }

  /** What the client may be told of the searches, where its protocol has words for them. */
  *#show(steps: Searched['steps'], round: Round): Generator<readonly ChatChunk[]> {
    if (!this.#parts.call.showsSearches) return;
    const annotations = this.#told.citations.take();
    const head = { ...round.closing, ...this.#told.head, usage: null };
    const cited = annotations.length > 0 ? [{ delta: { annotations } }] : [];
    const searched = steps.map((step) => ({ ...step, id: this.#parts.parts.clock.id() }));
    const choices = [...cited, { delta: { searched } }];
    yield choices.map((choice) => ({ ...head, choices: [{ index: 0, ...choice, finish_reason: null }] }));
  }

  #end(round: Round): readonly ChatChunk[] {
    const { plan } = this.#parts;
    const annotations = this.#told.citations.rest();
    const { closing, usage } = round;
    // Calls of ours that nobody answers any more are not the client's business.
    const isLeftOver = round.own.length > 0 && this.#told.calls === 0;
    if (round.own.length > 0) {
      const why = round.isClients ? "the model called the client's tools too" : `after ${plan.round} rounds`;
      this.#searches.notes.push(`a web search was not made (${why})`);
    }
    const delta = annotations.length > 0 ? { annotations } : {};
    const sum = this.#spent.length > 0 ? this.#usage() : undefined;
    const out = (closing?.choices ?? []).map((choice): ChatChunk => {
      const finish_reason = isLeftOver && choice.finish_reason === 'tool_calls' ? 'stop' : choice.finish_reason;
      const own = choice.usage && sum ? { usage: sum } : {};
      const top = closing?.usage && sum ? { usage: sum } : {};
      const told = finish_reason === undefined ? {} : { finish_reason };
      return { ...closing, ...this.#told.head, ...top, choices: [{ ...choice, ...own, ...told, delta }] };
    });
    if (isLeftOver) this.outcome.finishReason = 'stop';
    if (usage && usage !== closing && !closing?.usage)
      out.push({ ...usage, ...this.#told.head, ...(sum ? { usage: sum } : {}) });
    return out;
  }

  /** Of all rounds; searches are paid for beside the tokens. */
  #usage(): Usage {
    const { searches, pages } = this.#searches;
    const requests = { web_search_requests: searches, web_fetch_requests: pages };
    return { ...addUsage(this.#spent), server_tool_use: requests };
  }
}

/** What arrived together stays together; a whole answer is one batch. */
async function* batches(answer: ChatAnswer): AsyncGenerator<readonly ChatChunk[]> {
  if ('whole' in answer) {
    yield unfold(JSON.parse(answer.whole.toString()) as ChatCompletion);
    return;
  }
  for await (const run of answer.events) {
    yield splitEvents(run).flatMap(({ data }) => (data === undefined ? [] : [JSON.parse(data) as ChatChunk]));
  }
}
