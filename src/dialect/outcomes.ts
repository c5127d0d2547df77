import type { ChatDocument } from '../chat/chat-document.ts';
import type { Repair } from './repair-request.ts';
import type { Rule } from './rule.ts';
import type { RulePlan } from './rule-plan.ts';

/** What a rule did to a member: nothing, or another value in its place. */
type Outcome = 'nothing' | { readonly repair: Repair; readonly after: unknown };

/** By the identity of a member's bytes; it goes when the memory of requests lets the bytes go. */
const OUTCOMES = new WeakMap<object, WeakMap<RulePlan, Map<Rule, Outcome>>>();

/** What the rules of a plan did to the same bytes before, and where to note it. */
export function outcomesOf(identity: object, plan: RulePlan): Map<Rule, Outcome> {
  const ofBytes = OUTCOMES.get(identity) ?? new WeakMap<RulePlan, Map<Rule, Outcome>>();
  const known = ofBytes.get(plan);
  if (known) return known;
  const outcomes = new Map<Rule, Outcome>();
  OUTCOMES.set(identity, ofBytes.set(plan, outcomes));
  return outcomes;
}

/** Of the member on which alone the rule's repair depends, as long as nothing has changed it. */
export function identityOf(rule: Rule, request: ChatDocument): object | undefined {
  const member = rule.request?.dependsOn;
  return member === undefined ? undefined : request.identity(member);
}
