import { addUsage } from '../chat/add-usage.ts';
import type { ChatCompletion, ChatMessage, Usage } from '../chat/chat.ts';
import { Fold } from '../chat/fold.ts';
import type { AnswerRepair, AnswerRetry } from '../dialect/rule.ts';
import type { ChatReply } from '../upstreams/adapter.ts';
import type { Prepared } from './prepare.ts';
import { type AnswerBody, type AnswerReading, readAnswer } from './read-answer.ts';

/** One try: the request as it goes up, and how to send it. Made anew for each, because repairs of answers have state. */
export interface Try {
  readonly prepared: Prepared;
  send(): Promise<ChatReply>;
}

export interface Demanded {
  readonly body: AnswerBody;
  /** How many calls it took, and whether the answer is what was demanded. */
  readonly calls: number;
  readonly met: boolean;
}

/**
 * Asks again, with more messages behind the history, while the answer is not what the request demanded and another try
 * can help. Until it is, nothing reaches the client; the answer of the last try goes to it as it is. The usage of all
 * tries is added up.
 */
export async function meetDemand(
  begin: (more: readonly ChatMessage[]) => Try,
  reading: AnswerReading,
): Promise<Demanded> {
  const more: ChatMessage[] = [];
  const spent: Usage[] = [];
  for (let calls = 1; ; calls++) {
    const { prepared, send } = begin(more);
    const { demand } = prepared;
    const watch = new Watch(demand);
    const repairs = [...watch.repairs, ...prepared.answerRepairs, ...adding(spent)];
    const last = demand === undefined || calls > demand.limit;
    // An answer that may be put aside does not end the lease.
    const ended: AnswerReading['ended'] = (error) => {
      if (error || last || watch.met) reading.ended(error);
    };
    const body = await readAnswer(await send(), withEnd(reading, ended), repairs);
    if (demand === undefined) return { body, calls, met: true };
    const held = await hold(body, watch);
    if (last) return { body: held, calls, met: watch.met };
    const next = watch.met ? undefined : demand.again(watch.completion());
    if (next === undefined) {
      if (!watch.met) reading.ended(undefined);
      return { body: held, calls, met: watch.met };
    }
    if (reading.outcome.usage) spent.push(reading.outcome.usage);
    more.push(...next);
  }
}

function withEnd(reading: AnswerReading, ended: AnswerReading['ended']): AnswerReading {
  const { stream, surface, shown, outcome, eventLimit, answerLimit } = reading;
  return { stream, surface, shown, outcome, eventLimit, answerLimit, ended };
}

/** Looks at an answer as the surface gives it, before any repair. */
class Watch {
  met = false;
  readonly repairs: readonly AnswerRepair[];
  readonly #fold = new Fold();
  #whole: ChatCompletion | undefined;

  constructor(demand: AnswerRetry | undefined) {
    this.repairs = demand === undefined ? [] : [this.#repair(demand)];
  }

  completion(): ChatCompletion {
    return this.#whole ?? this.#fold.completion();
  }

  #repair(demand: AnswerRetry): AnswerRepair {
    return {
      needles: ['"message"'],
      isAlert: () => !this.met,
      chunk: (chunk) => {
        this.#fold.add(chunk);
        this.met ||= demand.isMet(chunk, () => this.#fold.completion());
        return chunk;
      },
      completion: (completion) => {
        this.#whole = completion;
        this.met = demand.again(completion) === undefined;
        return completion;
      },
    };
  }
}

/** Reads a stream until it is whole or what it must be; nothing of it is lost. */
async function hold(body: AnswerBody, watch: Watch): Promise<AnswerBody> {
  if (!('events' in body)) return body;
  const iterator = body.events[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  let step = await iterator.next();
  while (!step.done) {
    held.push(step.value);
    if (watch.met) return { events: resumed(held, iterator) };
    step = await iterator.next();
  }
  return { events: resumed(held, undefined) };
}

async function* resumed(held: readonly Buffer[], rest: AsyncIterator<Buffer> | undefined): AsyncGenerator<Buffer> {
  try {
    if (held.length > 0) yield Buffer.concat(held);
    if (rest === undefined) return;
    for (let step = await rest.next(); !step.done; step = await rest.next()) yield step.value;
  } finally {
    await rest?.return?.();
  }
}

/** The usage of earlier tries is the client's too. */
function adding(spent: readonly Usage[]): AnswerRepair[] {
  if (spent.length === 0) return [];
  const sum = (usage: Usage) => addUsage([usage, ...spent]);
  return [
    {
      needles: ['"usage":{'],
      chunk: (chunk) => (chunk.usage ? { ...chunk, usage: sum(chunk.usage) } : chunk),
      completion: (whole) => (whole.usage ? { ...whole, usage: sum(whole.usage) } : whole),
    },
  ];
}
