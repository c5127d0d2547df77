import type { ChatChunk, ChatCompletion, ChatMessage, ChunkChoice, Tool, ToolCall } from '../../chat/chat.ts';
import { LeakedSections, type Scanned } from '../leaked-sections.ts';
import type { AnswerRepair, Rule } from '../rule.ts';

const FIELDS = ['reasoning_content', 'reasoning', 'content'] as const;

/** The texts of one choice of a stream, and the calls that were found in them. */
class LeakedChoice {
  readonly #names: ReadonlySet<string>;
  readonly #texts = new Map<string, LeakedSections>();
  /** Where the calls stand that the surface counts itself. */
  readonly #places = new Map<number, number>();
  #nextIndex = 0;
  #found = false;

  constructor(names: ReadonlySet<string>) {
    this.#names = names;
  }

  /** Text is held back, or a call was found and the end of the answer has to say so. */
  get isAlert(): boolean {
    return this.#found || [...this.#texts.values()].some((text) => text.isHolding);
  }

  repair(choice: ChunkChoice): ChunkChoice {
    const { delta = {}, finish_reason } = choice;
    const own = this.#placed(delta.tool_calls);
    const changed: Record<string, unknown> = {};
    const calls: ToolCall[] = [];
    for (const field of FIELDS) {
      const scanned = this.#scan(field, delta[field], Boolean(finish_reason) || isOver(field, delta));
      if (scanned === undefined) continue;
      if (scanned.text !== (delta[field] ?? '')) changed[field] = scanned.text;
      calls.push(...scanned.calls);
    }
    const pieces = this.#number(calls);
    const isCall = finish_reason === 'stop' && this.#found;
    const isSame = Object.keys(changed).length === 0 && pieces.length === 0 && own === delta.tool_calls;
    if (isSame && !isCall) return choice;
    const tool_calls = [...(own ?? []), ...pieces];
    return {
      ...choice,
      delta: { ...delta, ...changed, ...(tool_calls.length > 0 ? { tool_calls } : {}) },
      ...(isCall ? { finish_reason: 'tool_calls' } : {}),
    };
  }

  /** What was held back when the stream stops without a closing chunk. */
  rest(): ChatMessage | undefined {
    const delta: Record<string, unknown> = {};
    const calls: ToolCall[] = [];
    for (const [field, text] of this.#texts) {
      if (!text.isHolding) continue;
      const scanned = text.end();
      if (scanned.text !== '') delta[field] = scanned.text;
      calls.push(...scanned.calls);
    }
    const pieces = this.#number(calls);
    if (pieces.length > 0) delta['tool_calls'] = pieces;
    return Object.keys(delta).length > 0 ? delta : undefined;
  }

  #scan(field: string, piece: unknown, isLast: boolean): Scanned | undefined {
    const known = this.#texts.get(field);
    if (typeof piece !== 'string' && !(isLast && known?.isHolding)) return undefined;
    const text = known ?? new LeakedSections(this.#names);
    this.#texts.set(field, text);
    const scanned = text.push(typeof piece === 'string' ? piece : '');
    if (!isLast) return scanned;
    const end = text.end();
    return { text: scanned.text + end.text, calls: [...scanned.calls, ...end.calls] };
  }

  /** The surface counts its own calls only, so those behind a recovered one move on; the same list if none does. */
  #placed(calls: readonly ToolCall[] | undefined): readonly ToolCall[] | undefined {
    const placed = calls?.map((call) => {
      const { index = 0 } = call;
      const place = this.#places.get(index) ?? Math.max(index, this.#nextIndex);
      this.#places.set(index, place);
      this.#nextIndex = Math.max(this.#nextIndex, place + 1);
      return place === index ? call : { ...call, index: place };
    });
    return placed?.some((call, at) => call !== calls?.[at]) ? placed : calls;
  }

  #number(calls: readonly ToolCall[]): ToolCall[] {
    if (calls.length > 0) this.#found = true;
    return calls.map((call) => ({ index: this.#nextIndex++, ...call }));
  }
}

/** Thoughts end where the answer begins, and both where calls do: nothing of them is held back behind that. */
function isOver(field: (typeof FIELDS)[number], { content, tool_calls: calls }: ChatMessage): boolean {
  const begins = typeof content === 'string' && content !== '';
  return (calls?.length ?? 0) > 0 || (field !== 'content' && begins);
}

function namesOf(tools: unknown): ReadonlySet<string> {
  const names = Array.isArray(tools) ? tools.map((tool: Tool) => tool?.function?.name) : [];
  return new Set(names.filter((name) => typeof name === 'string'));
}

function recoverCalls(names: () => ReadonlySet<string>): AnswerRepair {
  const choices = new Map<number, LeakedChoice>();
  let last: ChatChunk = {};
  const repair = (choice: ChunkChoice): ChunkChoice => {
    const known = choices.get(choice.index ?? 0) ?? new LeakedChoice(names());
    choices.set(choice.index ?? 0, known);
    return known.repair(choice);
  };
  return {
    // A token, the beginning of one at the end of a piece, and the bracket as some servers escape it. Also where a real
    // call begins, so that recovered ones are counted on from there.
    needles: ['<|', '<"', '\\u003c', '"name":"'],
    isAlert: () => [...choices.values()].some((choice) => choice.isAlert),
    chunk(chunk) {
      last = chunk;
      const repaired = chunk.choices?.map(repair);
      const isSame = repaired === undefined || repaired.every((choice, index) => choice === chunk.choices?.[index]);
      return isSame ? chunk : { ...chunk, choices: repaired };
    },
    end() {
      const { choices: _, usage: __, ...head } = last;
      return [...choices].flatMap(([index, choice]) => {
        const delta = choice.rest();
        return delta === undefined ? [] : [{ ...head, choices: [{ index, delta, finish_reason: null }] }];
      });
    },
    completion: (completion) => recoverWhole(completion, names),
  };
}

/** A whole message is a stream of one piece. */
function recoverWhole(completion: ChatCompletion, names: () => ReadonlySet<string>): ChatCompletion {
  const choices = completion.choices?.map((choice) => {
    if (choice.message === undefined || !mayLeak(choice.message)) return choice;
    const { message, ...rest } = choice;
    const { delta, finish_reason } = new LeakedChoice(names()).repair({
      delta: message,
      finish_reason: choice.finish_reason ?? 'stop',
    });
    if (delta === undefined || delta === message) return choice;
    const tool_calls = delta.tool_calls?.map(({ index: _, ...call }) => call);
    return {
      ...rest,
      message: { ...delta, ...(tool_calls ? { tool_calls } : {}) },
      finish_reason: finish_reason ?? null,
    };
  });
  const isSame = choices === undefined || choices.every((choice, index) => choice === completion.choices?.[index]);
  return isSame ? completion : { ...completion, choices };
}

/** A text in which no token begins is not looked into. */
function mayLeak(message: ChatMessage): boolean {
  for (const field of FIELDS) {
    const text = message[field];
    if (typeof text === 'string' && (text.includes('<|') || text.includes('<"'))) return true;
  }
  return false;
}

export const leakedToolCalls: Rule = {
  id: 'leaked-tool-calls',
  title: { en: 'Tool calls that leaked into the text', zh: '泄漏到正文的工具调用' },
  why: "A host that does not read the model's own tokens (`<|tool_calls_section_begin|>` …) passes tool calls on as text or as thoughts. Those that call a tool of the request become tool calls; all else stays text. Only a piece that may be the beginning of such a token is ever held back.",
  source: 'BerriAI/litellm #12679; Alishahryar1/free-claude-code #751; Kimi-Vendor-Verifier',
  seen: '2026-08-22',
  when: ({ surface }) => surface !== 'web',
  request: {
    reads: ['tools'],
    trigger: { members: ['tools'] },
    apply(request, { onAnswer }) {
      // Hardly any answer holds such a token, so the tools are read when one does.
      let names: ReadonlySet<string> | undefined;
      onAnswer(recoverCalls(() => (names ??= namesOf(request.tools))));
      return request;
    },
  },
};
