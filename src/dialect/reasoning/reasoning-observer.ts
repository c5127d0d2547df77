import type { ChatMessage, ToolCall } from '../../chat/chat.ts';
import type { AnswerRepair } from '../rule.ts';
import { callKey } from './call-key.ts';
import { foreignThoughts, GrowingThoughts, textOfThoughts } from './foreign-thoughts.ts';
import type { ForeignThoughts, ReasoningScope } from './reasoning-memory.ts';

/** Longer thoughts, in characters, are not remembered. */
const MAX_REASONING = 2_000_000;

interface Choice {
  readonly reasoning: string[];
  readonly foreign: GrowingThoughts;
  readonly calls: Map<number, { id: string; text: string }>;
  length: number;
}

/**
 * Watches an answer and remembers the reasoning of each choice that calls tools; changes nothing. Its needles make the
 * gateway parse every chunk of reasoning, about a microsecond each, which is why it is only used for requests that
 * declare tools.
 */
export function reasoningObserver({ memory, owner }: ReasoningScope): AnswerRepair {
  const choices = new Map<number, Choice>();
  const store = (index: number) => {
    const choice = choices.get(index);
    choices.delete(index);
    if (choice === undefined || choice.length > MAX_REASONING) return;
    const calls = [...choice.calls.values()].map(({ id, text }) => ({ id, function: { arguments: text } }));
    memory.remember(owner, keysOf(calls), choice.reasoning.join(''), choice.foreign.whole());
  };
  return {
    needles: ['"reasoning_content":"', '"reasoning":"', '"reasoning_details":[', '"tool_calls"', '"finish_reason":"'],
    chunk(chunk) {
      for (const { index = 0, delta, finish_reason: reason } of chunk.choices ?? []) {
        if (delta) collect(choiceAt(choices, index), delta);
        if (reason) store(index);
      }
      return chunk;
    },
    end() {
      for (const index of [...choices.keys()]) store(index);
      return [];
    },
    completion(completion) {
      for (const { message } of completion.choices ?? []) {
        if (message?.tool_calls)
          memory.remember(owner, keysOf(message.tool_calls), reasoningOf(message), foreignOf(message));
      }
      return completion;
    },
  };
}

function choiceAt(choices: Map<number, Choice>, index: number): Choice {
  const known = choices.get(index);
  if (known) return known;
  const choice: Choice = { reasoning: [], foreign: new GrowingThoughts(), calls: new Map(), length: 0 };
  choices.set(index, choice);
  return choice;
}

function collect(choice: Choice, delta: ChatMessage): void {
  const piece = reasoningOf(delta);
  choice.length += piece.length;
  if (choice.length <= MAX_REASONING) {
    if (piece !== '') choice.reasoning.push(piece);
    choice.foreign.add(delta);
  }
  for (const { index = 0, id, function: target } of delta.tool_calls ?? []) {
    const call = choice.calls.get(index) ?? { id: '', text: '' };
    choice.calls.set(index, call);
    if (id) call.id = id;
    call.text += target?.arguments ?? '';
  }
}

function foreignOf(message: ChatMessage): ForeignThoughts | undefined {
  const foreign = new GrowingThoughts();
  foreign.add(message);
  return foreign.whole();
}

function reasoningOf(message: ChatMessage): string {
  const text = message.reasoning_content ?? textOfThoughts(foreignThoughts(message)?.value);
  return typeof text === 'string' ? text : '';
}

function keysOf(calls: readonly ToolCall[]): string[] {
  return calls.map(callKey).filter((key) => key !== undefined);
}
