import type { ChatRequest } from '../../chat/chat.ts';
import type { ModelFacts } from '../../models/facts.ts';
import { isKimiApi } from '../kimi-surface.ts';
import { FOREIGN_WISHES, nearestEffort, type ThinkingWish, wishOf } from '../reasoning/thinking-wish.ts';
import { type Rule, without } from '../rule.ts';

const MEMBERS = ['thinking', 'reasoning_effort', ...FOREIGN_WISHES];
const OWN_MEMBERS = ['type', 'keep', 'effort'];

/** The members that say the wish in the model's own words. */
function expressed(wish: ThinkingWish, model: ModelFacts, request: ChatRequest): ChatRequest {
  const isOff = wish.level === 'none' || (wish.level === 'minimal' && model.efforts.length === 0);
  const { keep } = request.thinking ?? {};
  if (model.thinking === 'none') return {};
  if (model.thinking === 'toggle' && isOff) return { thinking: { type: 'disabled' } };
  if (model.efforts.length > 0) {
    const effort = wish.level && nearestEffort(wish.level, model.efforts);
    return effort === undefined ? {} : { reasoning_effort: effort };
  }
  const isAsked = wish.on && !isOff;
  return isAsked || keep !== undefined
    ? { thinking: { type: 'enabled', ...(keep === undefined ? {} : { keep }) } }
    : {};
}

/** Whether the request says what it wants in a way that the model takes as it is. */
function isAccepted(request: ChatRequest, model: ModelFacts): boolean {
  const { thinking, reasoning_effort: effort } = request;
  if (FOREIGN_WISHES.some((member) => member in request)) return false;
  const hasEfforts = model.efforts.length > 0;
  if ('reasoning_effort' in request && !(hasEfforts && model.efforts.includes(String(effort)))) return false;
  if (!('thinking' in request)) return true;
  if (model.thinking === 'none' || typeof thinking !== 'object' || thinking === null) return false;
  if ('reasoning_effort' in request) return false;
  const isOwn = Object.keys(thinking).every((member) => OWN_MEMBERS.includes(member));
  const isEffortFine = !('effort' in thinking) || (hasEfforts && model.efforts.includes(String(thinking['effort'])));
  const isTypeFine = thinking.type === 'enabled' || (thinking.type === 'disabled' && model.thinking === 'toggle');
  return isOwn && isEffortFine && (isTypeFine || (thinking.type === undefined && hasEfforts));
}

function shown(before: ChatRequest, after: ChatRequest): string {
  const told = MEMBERS.filter((member) => member in before).map(
    (member) => `${member} ${JSON.stringify(before[member])}`,
  );
  const kept = Object.entries(after).map(([member, value]) => `${member} ${JSON.stringify(value)}`);
  return `${told.join(', ')} ${kept.length === 0 ? 'left out' : `sent as ${kept.join(', ')}`}`;
}

/**
 * "Off" becomes the weakest effort where thinking has no switch. K3 was seen to honour `thinking: disabled` all the
 * same; when the facts call it a toggle, this rule uses the switch.
 */
export const reasoningEffort: Rule = {
  id: 'reasoning-effort',
  title: { en: 'How much to think', zh: '思考强度' },
  why: "K3 takes `reasoning_effort` low, high or max and no `thinking` beside it, K2.6 `thinking` enabled or disabled, the thinking-only models nothing (`invalid thinking: only type=enabled is allowed for this model`). All the ways in which clients say it, other vendors' too, become the one that the model takes.",
  source:
    'platform docs, reasoning-effort; Kimi-Vendor-Verifier test_thinking_effort; live probes of a Go gateway, Halro; MoonshotAI/Kimi-K2 #141; anomalyco/models.dev PR 4720',
  seen: '2026-11-10',
  when: (situation) => isKimiApi(situation) && situation.model !== undefined,
  refusal: /invalid thinking|reasoning.?effort.* not supported|cannot specify both .*thinking/i,
  refused: (request, { note }) => {
    note('every word about thinking left out');
    return without(request, MEMBERS);
  },
  request: {
    reads: MEMBERS,
    trigger: { members: MEMBERS },
    apply(request, { situation: { model }, note }) {
      if (model === undefined || isAccepted(request, model)) return request;
      const members = expressed(wishOf(request), model, request);
      note(shown(request, members));
      return { ...without(request, MEMBERS), ...members };
    },
  },
};
