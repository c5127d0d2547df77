import type { ChatChunk, ChatCompletion, ChatMessage, CompletionChoice, ToolCall, Usage } from './chat.ts';

interface Growing {
  message: Record<string, unknown>;
  calls: Map<number, ToolCall>;
  finish_reason: string | null;
  rest: Record<string, unknown>;
}

/** Puts the chunks of a stream together into the whole answer that they stand for. */
export class Fold {
  readonly #choices = new Map<number, Growing>();
  #head: Record<string, unknown> = {};
  #usage: Usage | undefined;

  add(chunk: ChatChunk): void {
    const { choices, usage, object, ...head } = chunk;
    this.#head = { ...this.#head, ...head };
    if (usage) this.#usage = usage;
    for (const choice of choices ?? []) {
      const growing = this.#choice(choice.index ?? 0);
      const { delta, index, finish_reason, usage: choiceUsage, ...rest } = choice;
      if (finish_reason) growing.finish_reason = finish_reason;
      if (choiceUsage) this.#usage ??= choiceUsage;
      Object.assign(growing.rest, rest);
      if (delta) grow(growing, delta);
    }
  }

  /** The whole answer so far. */
  completion(): ChatCompletion {
    const choices: CompletionChoice[] = [...this.#choices.entries()]
      .sort(([a], [b]) => a - b)
      .map(([index, { message, calls, finish_reason, rest }]) => ({
        ...rest,
        index,
        message:
          calls.size === 0
            ? message
            : { ...message, tool_calls: [...calls.values()].map(({ index: _, ...call }) => call) },
        finish_reason,
      }));
    return { ...this.#head, object: 'chat.completion', choices, ...(this.#usage ? { usage: this.#usage } : {}) };
  }

  #choice(index: number): Growing {
    const known = this.#choices.get(index);
    if (known) return known;
    const fresh: Growing = {
      message: { role: 'assistant', content: '' },
      calls: new Map(),
      finish_reason: null,
      rest: {},
    };
    this.#choices.set(index, fresh);
    return fresh;
  }
}

function grow(growing: Growing, delta: ChatMessage): void {
  for (const [member, value] of Object.entries(delta)) {
    if (member === 'tool_calls') for (const piece of delta.tool_calls ?? []) growCall(growing.calls, piece);
    else if (member === 'role') growing.message['role'] = value;
    else if (typeof value === 'string') growing.message[member] = `${growing.message[member] ?? ''}${value}`;
    else if (Array.isArray(value)) growing.message[member] = [...asList(growing.message[member]), ...value];
    else if (value !== null && value !== undefined) growing.message[member] = value;
  }
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function growCall(calls: Map<number, ToolCall>, piece: ToolCall): void {
  // Without an index, a name begins the next call and anything else belongs to the last one.
  const index = piece.index ?? (piece.function?.name ? calls.size : Math.max(0, calls.size - 1));
  const before = calls.get(index);
  const text = `${before?.function?.arguments ?? ''}${piece.function?.arguments ?? ''}`;
  calls.set(index, {
    ...before,
    ...piece,
    index,
    function: { ...before?.function, ...piece.function, arguments: text },
  });
}

/** The other way: a whole answer as the chunks of a stream, for a surface that answered whole though a stream was asked. */
export function unfold(completion: ChatCompletion): ChatChunk[] {
  const { choices = [], usage, object, ...head } = completion;
  const base = { ...head, object: 'chat.completion.chunk' };
  const chunks: ChatChunk[] = choices.map(({ message, finish_reason, ...rest }) => ({
    ...base,
    choices: [
      {
        ...rest,
        delta: {
          ...message,
          ...(message?.tool_calls ? { tool_calls: message.tool_calls.map((call, index) => ({ index, ...call })) } : {}),
        },
        finish_reason: finish_reason ?? 'stop',
      },
    ],
  }));
  return usage ? [...chunks, { ...base, choices: [], usage }] : chunks;
}
