import type { JsonObject } from '../json-object.ts';
import { carriedOf, carry } from './carried.ts';

const TO_HUB: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

const TO_ANTHROPIC: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

export interface Stop {
  readonly stop_reason: string;
  readonly stop_sequence: string | null;
}

/** `finish_reason`, and in our own member what it does not say. A reason that nobody knows yet is an ordinary end. */
export function toFinish(
  reason: string | null | undefined,
  sequence: unknown,
  hasCalls: boolean,
): { finish_reason: string; anthropic?: JsonObject } {
  const finish = TO_HUB[reason ?? ''] ?? 'stop';
  const isPlain = toStop({ finish_reason: finish }, hasCalls).stop_reason === reason && typeof sequence !== 'string';
  return {
    finish_reason: finish,
    ...(isPlain ? {} : carry({ stop_reason: reason, stop_sequence: sequence ?? undefined })),
  };
}

interface Closed {
  readonly finish_reason?: string | null;
  /** The stop sequence that ended the answer: vLLM's member, which our own filter sets too. Kimi does not tell. */
  readonly stop_reason?: unknown;
}

/** `choice` closes an answer; some hosts say `stop` behind tool calls. */
export function toStop(choice: Closed, hasCalls: boolean): Stop {
  const { stop_reason: own, stop_sequence: sequence } = carriedOf(choice);
  if (choice.finish_reason === 'stop' && typeof choice.stop_reason === 'string' && own === undefined) {
    return { stop_reason: 'stop_sequence', stop_sequence: choice.stop_reason };
  }
  const plain = TO_ANTHROPIC[choice.finish_reason ?? ''] ?? 'end_turn';
  const said = plain === 'end_turn' && hasCalls ? 'tool_use' : plain;
  return {
    stop_reason: typeof own === 'string' ? own : said,
    stop_sequence: typeof sequence === 'string' ? sequence : null,
  };
}
