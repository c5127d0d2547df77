import { expect } from 'vitest';
import type { SimulatorOptions } from '../../../src/simulator/index.ts';
import type { Settings } from '../../setup.ts';

/** What a client sees of a request, and what the surface got. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The whole answer, or the error. */
  readonly body: Answer;
  /** The chunks of a stream. */
  readonly chunks: readonly Answer[];
  /** The chat requests that went up, in order. */
  readonly sent: readonly Settings[];
}

/** As open as what a client parses. */
export interface Answer {
  readonly choices?: readonly Choice[];
  readonly usage?: Usage | null;
  readonly error?: { readonly message: string; readonly code?: string; readonly type?: string; readonly hint?: string };
}

export interface Choice {
  readonly index?: number;
  readonly message?: Message;
  readonly delta?: Message;
  readonly finish_reason?: string | null;
  readonly usage?: Usage;
}

interface Usage {
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
}

interface Message {
  readonly content?: string | null;
  readonly reasoning_content?: string;
  readonly function_call?: { readonly name: string };
  readonly tool_calls?: readonly Call[];
}

export interface Call {
  readonly index?: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}

export type Judge = (seen: Seen) => void;

/** One rule, and a request that goes wrong without it and right with it. */
export interface Proof {
  readonly rule: string;
  readonly what: string;
  readonly request: Settings;
  /** A request that is made before, to the same gateway. */
  readonly before?: Settings;
  readonly without: Judge;
  readonly with: Judge;
  /** Rules that would step in for this one, or that the same refusal would wake: off on both sides. */
  readonly aside?: readonly string[];
  /** Where it goes; default: the open platform. */
  readonly surface?: 'platform' | 'coding' | 'compatible';
  readonly simulator?: SimulatorOptions;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Holds a request to the letter of the published schema. */
export const LETTER: SimulatorOptions = { unknownMembers: 'refuse' };

/** The surface refuses with the vendor's sentence, and the client is told so. */
export function refused(sentence: string): Judge {
  return ({ status, body, text }) => {
    expect(text).toContain('"error"');
    expect([status, body.error?.message]).toEqual([400, expect.stringContaining(sentence)]);
  };
}

export const served: Judge = ({ status, text }) => expect([status, text]).toEqual([200, expect.any(String)]);

/** Served, and this besides. */
export function servedWith(judge: Judge): Judge {
  return (seen) => {
    served(seen);
    judge(seen);
  };
}

export const says = (content: string): Judge => servedWith(({ body }) => expect(messageOf(body).content).toBe(content));

export function messageOf(body: Answer): Message {
  return body.choices?.[0]?.message ?? {};
}

/** What a naive client puts together of a stream: pieces by index, members as they come. */
export function callsIn(chunks: readonly Answer[]): readonly { id: string; name: string; arguments: string }[] {
  const calls = new Map<number | undefined, { id: string; name: string; arguments: string }>();
  for (const call of chunks.flatMap(({ choices = [] }) => choices.flatMap(({ delta }) => delta?.tool_calls ?? []))) {
    const known = calls.get(call.index) ?? { id: '', name: '', arguments: '' };
    calls.set(call.index, known);
    known.id += call.id ?? '';
    known.name += call.function?.name ?? '';
    known.arguments += call.function?.arguments ?? '';
  }
  return [...calls.values()];
}

export const user = (content: unknown): Settings => ({ role: 'user', content });
export const ask = (content: unknown = 'hi', more: Settings = {}): Settings => ({
  model: 'kimi-k2.6',
  messages: [user(content)],
  ...more,
});

export const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
} as const;

export const callOf = (id: string, text = '{"city":"Paris"}', name = 'get_weather'): Settings => ({
  id,
  type: 'function',
  function: { name, arguments: text },
});
export const calling = (...calls: Settings[]): Settings => ({
  role: 'assistant',
  reasoning_content: '',
  tool_calls: calls,
});
export const resultOf = (id: string, content: unknown = 'grey'): Settings => ({
  role: 'tool',
  tool_call_id: id,
  content,
});
