import type { ChatDocument } from '../chat/chat-document.ts';
import type { Repair } from './repair-request.ts';
import type { Rule, Situation } from './rule.ts';

/** What a rule did to a member: nothing, or another value in its place. */
type Outcome = 'nothing' | { readonly repair: Repair; readonly after: unknown };

/** By the identity of a member's bytes; it goes when the memory of requests lets the bytes go. */
const OUTCOMES = new WeakMap<object, Map<string, Outcome>>();

/** What the rule did to the same bytes in the same situation; undefined if that is not known. */
export function knownOutcome(rule: Rule, request: ChatDocument, situation: Situation): Outcome | undefined {
  const identity = identityOf(rule, request);
  return identity && OUTCOMES.get(identity)?.get(keyOf(rule, situation));
}

/** Remembers what the rule did to a member, of which `identity` was asked before it was changed. */
export function rememberOutcome(rule: Rule, identity: object, situation: Situation, outcome: Outcome): void {
  const known = OUTCOMES.get(identity) ?? new Map<string, Outcome>();
  OUTCOMES.set(identity, known);
  known.set(keyOf(rule, situation), outcome);
}

export function identityOf(rule: Rule, request: ChatDocument): object | undefined {
  const member = rule.request?.dependsOn;
  return member === undefined ? undefined : request.identity(member);
}

function keyOf({ id }: Rule, { surface, model, thinking }: Situation): string {
  return `${id} ${surface} ${model?.id ?? ''} ${thinking}`;
}
