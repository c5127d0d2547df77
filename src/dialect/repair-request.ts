import type { ChatRequest } from '../chat/chat.ts';
import type { JsonDocument } from '../chat/json-document.ts';
import type { AnsweredCall, AnswerRepair, Rule, Situation } from './rule.ts';

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
}

/** A text to look for, and the part of it that is looked for first. */
interface Needle {
  readonly whole: Buffer;
  readonly rarest: Buffer;
}

const needleCache = new Map<string, Needle>();

function needle(text: string): Needle {
  const known = needleCache.get(text);
  if (known) return known;
  const made = { whole: Buffer.from(text), rarest: Buffer.from(rarestPart(text)) };
  needleCache.set(text, made);
  return made;
}

/** Rarest first: what JSON, English and code are made of. Every other byte counts as common. */
const RARE = '_zqjxkvbwfygpmudlch';
/** Native search stops at each occurrence of a text's first byte, and is fastest on texts below 8 bytes. */
const PART = 7;

/** The part of a text that begins with its rarest byte: in 100 KB a search for a quote's company costs ten times as much. */
function rarestPart(text: string): string {
  const rank = (at: number) => {
    const place = RARE.indexOf(text.charAt(at));
    return place === -1 ? RARE.length : place;
  };
  let best = 0;
  for (let at = 1; at <= text.length - PART; at++) if (rank(at) < rank(best)) best = at;
  return text.slice(best, best + PART);
}

function contains(request: JsonDocument, { whole, rarest }: Needle): boolean {
  return request.includes(rarest) && request.includes(whole);
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
  const answerRepairs: AnswerRepair[] = [];
  let situation = situationFor(request.has('thinking') ? request.get('thinking') : undefined);
  for (const rule of rules) {
    if (!rule.when(situation)) continue;
    if (rule.request && isTriggered(rule.request.trigger, request)) {
      const done = applyRule(rule, rule.request, request, situation, answerRepairs);
      if (done) repairs.push(done);
      if (done?.changes.some(({ member }) => member === 'thinking')) situation = situationFor(request.get('thinking'));
    }
    const onAnswer = rule.answer?.(call);
    if (onAnswer) answerRepairs.push(onAnswer);
  }
  return { repairs, answerRepairs };
}

function isTriggered(trigger: NonNullable<Rule['request']>['trigger'], request: JsonDocument): boolean {
  return (
    (trigger.members?.some((member) => request.has(member)) ?? false) ||
    (trigger.texts?.some((text) => contains(request, needle(text))) ?? false)
  );
}

function applyRule(
  rule: Rule,
  repair: NonNullable<Rule['request']>,
  request: JsonDocument,
  situation: Situation,
  answerRepairs: AnswerRepair[],
): Repair | undefined {
  const part: Record<string, unknown> = {};
  for (const member of repair.reads) if (request.has(member)) part[member] = request.get(member);
  const notes: string[] = [];
  const turn = {
    situation,
    note: (what: string) => notes.push(what),
    onAnswer: (added: AnswerRepair) => answerRepairs.push(added),
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
