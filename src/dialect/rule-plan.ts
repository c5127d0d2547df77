import { ChatDocument } from '../chat/chat-document.ts';
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
  readonly #rules: readonly Rule[];
  /** For each rule its bit among the questions to messages. */
  readonly #bits: readonly number[];
  /** By the name of a member the rules that its being there triggers. */
  readonly #byMember: ReadonlyMap<string, readonly number[]>;
  /** The same for members that are empty. */
  readonly #byEmpty: ReadonlyMap<string, readonly number[]>;
  readonly #mask: number;
  /** Those for which something has to be looked for. */
  readonly #searching: readonly { readonly index: number; readonly trigger: Trigger }[];

  constructor(rules: readonly Rule[], situation: Situation) {
    this.#rules = rules;
    this.inForce = rules.map((rule) => rule.when(situation));
    this.answering = rules.filter((rule, index) => this.inForce[index] && rule.answer);
    this.#bits = questionsOf(rules).bits;
    const triggers = rules.flatMap(({ request }, index) =>
      request && this.inForce[index] ? [{ index, trigger: request.trigger }] : [],
    );
    this.#mask = triggers.reduce((mask, { index }) => mask | (this.#bits[index] ?? 0), 0);
    this.#byMember = indexed(triggers.map(({ index, trigger }) => ({ index, names: trigger.members })));
    this.#byEmpty = indexed(triggers.map(({ index, trigger }) => ({ index, names: trigger.empty })));
    this.#searching = triggers.filter(({ trigger: { text, bytes, outline } }) => text ?? bytes ?? outline);
  }

  /** For each rule 1 if the request triggers it; undefined if it triggers none. */
  triggered(request: JsonDocument, outline: LazyOutline): Uint8Array | undefined {
    let found: Uint8Array | undefined;
    const mark = (index: number) => {
      found ??= new Uint8Array(this.inForce.length);
      found[index] = 1;
    };
    request.eachKey((key) => {
      for (const index of this.#byMember.get(key) ?? NONE) mark(index);
      for (const index of this.#byEmpty.get(key) ?? NONE) if (request.isEmpty(key)) mark(index);
    });
    const answers = this.#mask === 0 ? 0 : outline.answers() & this.#mask;
    if (answers !== 0) {
      for (const [index, bit] of this.#bits.entries()) if ((answers & bit) !== 0 && this.inForce[index]) mark(index);
    }
    for (const { index, trigger } of this.#searching) if (lies(trigger, request, outline)) mark(index);
    return found;
  }

  /** Whether the request, as it is by now, triggers the rule at this index. */
  triggers(index: number, request: JsonDocument, outline: LazyOutline): boolean {
    const trigger = this.inForce[index] ? this.#rules[index]?.request?.trigger : undefined;
    if (trigger === undefined) return false;
    const { members, empty } = trigger;
    if (members !== undefined) for (const member of members) if (request.has(member)) return true;
    if (empty !== undefined) for (const member of empty) if (request.isEmpty(member)) return true;
    const bit = this.#bits[index] ?? 0;
    if (bit !== 0 && (outline.answers() & bit) !== 0) return true;
    return lies(trigger, request, outline);
  }
}

const NONE: readonly number[] = [];

function indexed(
  rules: readonly { readonly index: number; readonly names: readonly string[] | undefined }[],
): Map<string, number[]> {
  const byName = new Map<string, number[]>();
  for (const { index, names = [] } of rules)
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), index]);
  return byName;
}

/** What has to be looked for. */
function lies({ text, bytes, outline: ofOutline }: Trigger, request: JsonDocument, outline: LazyOutline): boolean {
  if (text !== undefined && hasText(request, text)) return true;
  if (bytes !== undefined && request.matches(bytes)) return true;
  return ofOutline?.(outline.get()) ?? false;
}

/** What was found in members that are the same bytes as before. */
const FOUND = new WeakMap<object, Map<string, boolean>>();

/** In a member that was changed it may be. */
function hasText(request: JsonDocument, { within, text }: NonNullable<Trigger['text']>): boolean {
  const raw = request.raw(within);
  if (raw === undefined) return request.has(within);
  const identity = request instanceof ChatDocument ? request.identity(within) : undefined;
  if (identity === undefined) return occurs(text, raw);
  const found = FOUND.get(identity) ?? new Map<string, boolean>();
  const isThere = found.get(text) ?? occurs(text, raw);
  FOUND.set(identity, found.set(text, isThere));
  return isThere;
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
