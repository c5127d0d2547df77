import type { Draft, DraftCall, Segment } from '../script/draft.ts';
import type { ChatRequest } from './request.ts';
import { countTokens, cutTokens } from './tokens.ts';

interface OutputCall extends DraftCall {
  readonly id: string;
}

/** A reply after stop strings and the cap: exactly what is sent. */
export interface Output {
  readonly segments: readonly Segment[];
  readonly calls: readonly OutputCall[];
  readonly finish: string;
  readonly reasoningTokens: number;
  readonly completionTokens: number;
}

export function composeOutput(draft: Draft, request: ChatRequest): Output {
  const budget = new Budget(request.cap);
  const segments = ordered(draft, request)
    .map((segment) => ({ ...segment, text: budget.spend(segment.text, segment.kind) }))
    .filter((segment) => segment.text !== '');
  const calls: OutputCall[] = [];
  for (const [index, call] of draft.calls.entries()) {
    if (budget.isExceeded) break;
    calls.push({
      ...call,
      id: call.id ?? nativeId(call.name, index, request),
      arguments: budget.spend(call.arguments),
    });
  }
  const natural = calls.length > 0 ? 'tool_calls' : 'stop';
  return {
    segments,
    calls,
    finish: draft.finish ?? (budget.isExceeded ? 'length' : natural),
    reasoningTokens: budget.reasoning,
    completionTokens: budget.spent,
  };
}

/** Reasoning counts first, then content, then calls (measured: a cap of 48 gave 45 tokens of reasoning and no content). */
class Budget {
  readonly #cap: number;
  spent = 0;
  reasoning = 0;
  isExceeded = false;

  constructor(cap: number) {
    this.#cap = cap;
  }

  spend(text: string, kind?: Segment['kind']): string {
    const left = this.#cap - this.spent;
    const wanted = countTokens(text);
    if (wanted > left) this.isExceeded = true;
    const used = Math.min(wanted, left);
    this.spent += used;
    if (kind === 'reasoning') this.reasoning += used;
    return wanted > left ? cutTokens(text, left) : text;
  }
}

/** Reasoning before content; a continued message is only continued, and stop strings end the content. */
function ordered(draft: Draft, request: ChatRequest): Segment[] {
  const last = request.messages.at(-1);
  const prefix = last?.partial === true ? last.text : undefined;
  const isContinued = prefix !== undefined && (prefix !== '' || last?.reasoning !== undefined);
  const reasoning = draft.segments.filter((segment) => segment.kind === 'reasoning');
  let content = draft.segments.filter((segment) => segment.kind === 'content');
  if (prefix !== undefined && prefix !== '') content = withoutPrefix(content, prefix);
  if (request.stop.length > 0) content = beforeStop(content, request.stop);
  return request.thinking.isOn && !isContinued ? [...reasoning, ...content] : content;
}

function textOf(segments: readonly Segment[]): string {
  return segments.map((segment) => segment.text).join('');
}

function withoutPrefix(content: readonly Segment[], prefix: string): Segment[] {
  const text = textOf(content);
  return text.startsWith(prefix) ? [{ kind: 'content', text: text.slice(prefix.length) }] : [...content];
}

function beforeStop(content: readonly Segment[], stop: readonly string[]): Segment[] {
  const text = textOf(content);
  const ends = stop
    .filter((word) => word !== '')
    .map((word) => text.indexOf(word))
    .filter((index) => index >= 0);
  return ends.length === 0 ? [...content] : [{ kind: 'content', text: text.slice(0, Math.min(...ends)) }];
}

/** `<name>:<n>` with a number that runs on across the conversation (k2.6 and later, MoonshotAI/kimi-code #705). */
function nativeId(name: string, index: number, request: ChatRequest): string {
  const earlier = request.messages.reduce((sum, message) => sum + message.toolCalls.length, 0);
  return `${name}:${earlier + index}`;
}
