import type { ChatRequest } from '../chat/chat.ts';
import { ChatDocument } from '../chat/chat-document.ts';
import { estimatePromptTokens } from '../chat/estimate-tokens.ts';
import type { JsonDocument } from '../chat/json-document.ts';
import { LazyOutline } from './lazy-outline.ts';
import { questionsOf } from './message-questions.ts';
import { identityOf, outcomesOf } from './outcomes.ts';
import type { AnsweredCall, AnswerRepair, AnswerRetry, RequestRepair, Rule, Situation, Turn } from './rule.ts';
import { planFor, type RulePlan } from './rule-plan.ts';

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
  /** Repairs that take back what was done to the request, in the order in which it was done. */
  readonly undoing: AnswerRepair[];
  readonly retries: AnswerRetry[];
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
  const outline = new LazyOutline(request, questionsOf(rules));
  let situation = situationFor(request.has('thinking') ? request.get('thinking') : undefined);
  let plan = planFor(rules, situation);
  const triggered = plan.triggered(request, outline);
  if (triggered === undefined) {
    if (plan.answering.length > 0) repairAnswer(plan.answering, asAnswered(call, request, outline), added);
    return { repairs, answerRepairs: added.repairs, retries: added.retries };
  }
  let answered: AnsweredCall | undefined;
  let turn = turnOf({ situation, request, call, added });
  for (let index = 0; index < rules.length; index++) {
    const rule = rules[index];
    if (!rule || !plan.inForce[index]) continue;
    // What the request triggered as it came says nothing any more once a rule has changed it.
    const isDue = repairs.length === 0 ? triggered[index] === 1 : plan.triggers(index, request, outline);
    if (rule.request && isDue) {
      const done = applyOrRecall(rule, rule.request, { plan, turn, request, added });
      if (done) repairs.push(done);
      if (done?.changes.some(({ member }) => member === 'thinking')) {
        situation = situationFor(request.get('thinking'));
        plan = planFor(rules, situation);
        turn = turnOf({ situation, request, call, added });
      }
      if (done?.changes.some(({ member }) => member === 'messages')) outline.forget();
    }
    if (!rule.answer) continue;
    answered ??= asAnswered(call, request, outline);
    repairAnswer([rule], answered, added);
  }
  // What was changed last is taken back first, once the answer is as it should have come.
  const answerRepairs = added.undoing.length === 0 ? added.repairs : [...added.repairs, ...added.undoing.reverse()];
  return { repairs, answerRepairs, retries: added.retries };
}

function repairAnswer(rules: readonly Rule[], answered: AnsweredCall, added: Additions): void {
  for (const { answer } of rules) {
    const repair = answer?.(answered);
    if (repair) added.repairs.push(repair);
  }
}

/** Asked behind the rules that gather tools from wherever a client declares them. */
function asAnswered(call: AnsweredCall, request: JsonDocument, outline: LazyOutline): AnsweredCall {
  return { ...call, tools: declaresTools(request, outline) };
}

function declaresTools(request: JsonDocument, outline: LazyOutline): boolean {
  return (request.has('tools') && !request.isEmpty('tools')) || outline.get().some(({ tools }) => tools);
}

interface TurnParts {
  readonly situation: Situation;
  readonly request: JsonDocument;
  readonly call: AnsweredCall;
  readonly added: Additions;
}

/** Serves one rule after the other: each begins with no notes. */
type NotedTurn = Turn & { readonly notes: string[] };

function turnOf({ situation, request, call, added }: TurnParts): NotedTurn {
  const notes: string[] = [];
  return {
    situation,
    notes,
    note: (what) => notes.push(what),
    onAnswer: (repair) => added.repairs.push(repair),
    undo: (repair) => added.undoing.push(repair),
    onRetry: (retry) => added.retries.push(retry),
    stream: call.stream,
    requestBytes: request.size,
    promptTokens: () => promptTokens(request, call),
    ...(call.reasoning ? { reasoning: call.reasoning } : {}),
    ...(call.images ? { images: call.images } : {}),
  };
}

function promptTokens(request: JsonDocument, { tokens, servedAs = '' }: AnsweredCall): number {
  const estimate = estimatePromptTokens(request);
  // What was learned is of text; a cap that is a little low does less harm than one that is refused.
  return tokens === undefined ? estimate : Math.max(estimate, tokens.correct(servedAs, estimate));
}

interface RuleParts {
  readonly plan: RulePlan;
  readonly turn: NotedTurn;
  readonly request: JsonDocument;
  readonly added: Additions;
}

/** What the rule does to the request, or what it did to the same bytes before. */
function applyOrRecall(rule: Rule, repair: RequestRepair, parts: RuleParts): Repair | undefined {
  const { request, plan, turn, added } = parts;
  const identity = request instanceof ChatDocument ? identityOf(rule, request) : undefined;
  if (identity === undefined) return applyRule(rule, repair, request, turn);
  const outcomes = outcomesOf(identity, plan);
  const known = outcomes.get(rule);
  if (known === 'nothing') return undefined;
  if (known) {
    request.setShared(repair.dependsOn ?? '', known.after);
    return known.repair;
  }
  const additions = () => added.repairs.length + added.undoing.length + added.retries.length;
  const before = additions();
  const done = applyRule(rule, repair, request, turn);
  const isOwnMember = done?.changes.every(({ member }) => member === repair.dependsOn) ?? true;
  if (additions() === before && isOwnMember) {
    const after = request.get(repair.dependsOn ?? '');
    outcomes.set(rule, done === undefined ? 'nothing' : { repair: done, after });
  }
  return done;
}

/**
 * Repairs a request that a surface has refused although the rules were applied: the rules that know the sentence are
 * applied whatever they are keyed on. Empty if none of them can change anything.
 */
export function repairRefused(
  rules: readonly Rule[],
  request: JsonDocument,
  situation: Situation,
  call: AnsweredCall,
  sentence: string,
): RepairedRequest {
  const added: Additions = { repairs: [], undoing: [], retries: [] };
  const repairs = rules
    .filter((rule) => rule.refusal?.test(sentence))
    .flatMap((rule) => {
      const turn = () => turnOf({ situation, request, call, added });
      const usual = rule.request && applyRule(rule, rule.request, request, turn());
      if (usual) return [usual];
      const { refused } = rule;
      if (!refused) return [];
      const reads = rule.request?.reads ?? request.keys();
      const last = applyRule(rule, { reads, apply: (part, own) => refused(part, own, sentence) }, request, turn());
      return last ? [last] : [];
    });
  return { repairs, answerRepairs: [...added.repairs, ...added.undoing.reverse()], retries: added.retries };
}

/** The members that a rule reads. The large ones are parsed only if it looks at them. */
function partOf(request: JsonDocument, reads: readonly string[]): Record<string, unknown> {
  const part = withLarge(request, reads.includes('messages'), reads.includes('tools'));
  for (const member of reads) {
    if (member !== 'messages' && member !== 'tools' && request.has(member)) part[member] = request.get(member);
  }
  return part;
}

/** Written out: to define a getter costs ten times as much as to create an object that has it. */
function withLarge(request: JsonDocument, messages: boolean, tools: boolean): Record<string, unknown> {
  const hasTools = tools && request.has('tools');
  if (!messages || !request.has('messages')) {
    return hasTools
      ? {
          get tools() {
            return request.get('tools');
          },
        }
      : {};
  }
  if (!hasTools) {
    return {
      get messages() {
        return request.get('messages');
      },
    };
  }
  return {
    get messages() {
      return request.get('messages');
    },
    get tools() {
      return request.get('tools');
    },
  };
}

function applyRule(
  rule: Rule,
  repair: Pick<RequestRepair, 'reads' | 'apply'>,
  request: JsonDocument,
  turn: NotedTurn,
): Repair | undefined {
  const part = partOf(request, repair.reads);
  turn.notes.length = 0;
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
  return { rule: rule.id, what: turn.notes.join('; ') || rule.title.en, changes };
}
