import type { JsonDocument } from '../chat/json-document.ts';
import type { LazyOutline } from './lazy-outline.ts';
import { questionsOf } from './message-questions.ts';
import { occurs } from './needle.ts';
import type { Rule, Situation, SurfaceKind, Trigger } from './rule.ts';

/**
 * A list of rules in one situation. There are few of both and many requests, so it is worked out once which rules are in
 * force and what all of them together ask of a request: most requests need none of them, and that is found without a turn
 * for each rule.
 */
export class RulePlan {
  /** For each rule whether it is in force. */
  readonly inForce: readonly boolean[];
  /** Those in force that repair answers. */
  readonly answering: readonly Rule[];
  /** For each rule its bit among the questions to messages. */
  readonly bits: readonly number[];
  readonly #triggers: readonly Trigger[];
  readonly #members: ReadonlySet<string>;
  readonly #empty: ReadonlySet<string>;
  readonly #mask: number;

  constructor(rules: readonly Rule[], situation: Situation) {
    this.inForce = rules.map((rule) => rule.when(situation));
    this.answering = rules.filter((rule, index) => this.inForce[index] && rule.answer);
    this.bits = questionsOf(rules).bits;
    const triggers = rules.map((rule, index) => (this.inForce[index] ? rule.request?.trigger : undefined));
    this.#mask = this.bits.reduce((mask, bit, index) => (triggers[index] ? mask | bit : mask), 0);
    const all = triggers.filter((trigger) => trigger !== undefined);
    this.#members = new Set(all.flatMap(({ members = [] }) => members));
    this.#empty = new Set(all.flatMap(({ empty = [] }) => empty));
    this.#triggers = all.filter(({ text, bytes, outline }) => text ?? bytes ?? outline);
  }

  /** Whether the request triggers none of the rules. */
  isIdle(request: JsonDocument, outline: LazyOutline): boolean {
    const isAsked = (key: string) => this.#members.has(key) || (this.#empty.has(key) && request.isEmpty(key));
    if (request.someKey(isAsked)) return false;
    if (this.#mask !== 0 && (outline.answers() & this.#mask) !== 0) return false;
    for (const trigger of this.#triggers) if (lies(trigger, request, outline)) return false;
    return true;
  }

  /** Whether the request, as it is by now, triggers the rule of this trigger and bit. Without closures: it is asked often. */
  static isTriggered(trigger: Trigger, bit: number, request: JsonDocument, outline: LazyOutline): boolean {
    const { members, empty } = trigger;
    if (members !== undefined) for (const member of members) if (request.has(member)) return true;
    if (empty !== undefined) for (const member of empty) if (request.isEmpty(member)) return true;
    if (bit !== 0 && (outline.answers() & bit) !== 0) return true;
    return lies(trigger, request, outline);
  }
}

/** What has to be looked for. */
function lies({ text, bytes, outline: ofOutline }: Trigger, request: JsonDocument, outline: LazyOutline): boolean {
  if (text !== undefined && hasText(request, text)) return true;
  if (bytes !== undefined && request.matches(bytes)) return true;
  return ofOutline?.(outline.get()) ?? false;
}

/** In a member that was changed it may be. */
function hasText(request: JsonDocument, { within, text }: NonNullable<Trigger['text']>): boolean {
  const raw = request.raw(within);
  return raw === undefined ? request.has(within) : occurs(text, raw);
}

type Plans = WeakMap<object, Map<string, RulePlan>>;

const PLANS = new WeakMap<readonly Rule[], Plans>();
/** Stands for a model that the catalogue does not know. */
const UNKNOWN_MODEL = {};
const PLACES: Readonly<Record<SurfaceKind, readonly [thinking: string, plain: string]>> = {
  platform: ['platform, thinking', 'platform'],
  coding: ['coding, thinking', 'coding'],
  web: ['web, thinking', 'web'],
  compatible: ['compatible, thinking', 'compatible'],
};

export function planFor(rules: readonly Rule[], situation: Situation): RulePlan {
  const { surface, model = UNKNOWN_MODEL, thinking } = situation;
  const ofRules = PLANS.get(rules) ?? new WeakMap();
  const ofModel = ofRules.get(model) ?? new Map();
  const place = PLACES[surface][thinking ? 0 : 1];
  const known = ofModel.get(place);
  if (known) return known;
  const plan = new RulePlan(rules, situation);
  PLANS.set(rules, ofRules.set(model, ofModel.set(place, plan)));
  return plan;
}
