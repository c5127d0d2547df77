import type { ChatRequest } from '../chat/chat.ts';
import type { JsonDocument } from '../chat/json-document.ts';
import type { AnsweredCall, AnswerRepair, AnswerRetry, Rule, Situation, Turn } from './rule.ts';

/** What a rule did to a request, for the header, the log and `explain`. */
export interface Repair {
  readonly rule: string;
  readonly what: string;
  /** The changed members with their values before and after; `undefined` where there was or is none. */
  readonly changes: readonly { readonly member: string; readonly before: unknown; readonly after: unknown }[];
}

export interface RepairedRequest {
  readonly repairs: readonly Repair[];
  /** In the order in which they are to be applied to the answer. */
  readonly answerRepairs: readonly AnswerRepair[];
  readonly retries: readonly AnswerRetry[];
}

/** What the rules add towards the answer. */
interface Additions {
  readonly repairs: AnswerRepair[];
  /** Repairs that take back what was done to the request. */
  readonly undoing: AnswerRepair[];
  readonly retries: AnswerRetry[];
}

const needleCache = new Map<string, Buffer>();

function needle(text: string): Buffer {
  const known = needleCache.get(text);
  if (known) return known;
  const bytes = Buffer.from(text);
  needleCache.set(text, bytes);
  return bytes;
}

/**
 * Runs the rules over a request, in order, and changes the document. `situationFor` is asked again when a rule changed
 * `thinking`, because the later rules depend on it.
 */
export function repairRequest(
  rules: readonly Rule[],
  request: JsonDocument,
  situationFor: (thinking: unknown) => Situation,
  call: AnsweredCall,
): RepairedRequest {
  const repairs: Repair[] = [];
  const added: Additions = { repairs: [], undoing: [], retries: [] };
  let situation = situationFor(request.has('thinking') ? request.get('thinking') : undefined);
  for (const rule of rules) {
    if (!rule.when(situation)) continue;
    if (rule.request && isTriggered(rule.request.trigger, request)) {
      const done = applyRule(rule, rule.request, request, situation, added);
      if (done) repairs.push(done);
      if (done?.changes.some(({ member }) => member === 'thinking')) situation = situationFor(request.get('thinking'));
    }
    const onAnswer = rule.answer?.(call);
    if (onAnswer) added.repairs.push(onAnswer);
  }
  // First what is wrong with any answer, then the last change to the request is taken back first.
  return { repairs, answerRepairs: [...added.repairs, ...added.undoing.reverse()], retries: added.retries };
}

function isTriggered(trigger: NonNullable<Rule['request']>['trigger'], request: JsonDocument): boolean {
  return (
    (trigger.members?.some((member) => request.has(member)) ?? false) ||
    (trigger.texts?.some((text) => request.includes(needle(text))) ?? false)
  );
}

function applyRule(
  rule: Rule,
  repair: NonNullable<Rule['request']>,
  request: JsonDocument,
  situation: Situation,
  added: Additions,
): Repair | undefined {
  const part: Record<string, unknown> = {};
  for (const member of repair.reads) {
    if (request.has(member)) Object.defineProperty(part, member, { enumerable: true, get: () => request.get(member) });
  }
  const notes: string[] = [];
  const turn: Turn = {
    situation,
    note: (what) => notes.push(what),
    onAnswer: (undoing) => added.undoing.push(undoing),
    onRetry: (retry) => added.retries.push(retry),
  };
  const result: ChatRequest = repair.apply(part, turn);
  if (result === part) return undefined;
  const changes = [];
  for (const member of new Set([...Object.keys(part), ...Object.keys(result)])) {
    const before = part[member];
    const after = result[member];
    if (before === after && member in result) continue;
    if (member in result && after !== undefined) request.set(member, after);
    else request.delete(member);
    changes.push({ member, before, after });
  }
  if (changes.length === 0) return undefined;
  return { rule: rule.id, what: notes.join('; ') || rule.title.en, changes };
}
