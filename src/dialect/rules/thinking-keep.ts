import { isKimiApi } from '../kimi-surface.ts';
import type { Rule, Situation } from '../rule.ts';

/** Of the models with a thinking switch, the ones that came before `keep`. */
const WITHOUT_KEEP = new Set(['kimi-k2.5']);

function isAccepted(keep: unknown, { model }: Situation): boolean {
  if (model === undefined) return true;
  if (WITHOUT_KEEP.has(model.id)) return false;
  return keep === 'all' || (keep === null && model.thinking === 'toggle');
}

export const thinkingKeep: Rule = {
  id: 'thinking-keep',
  title: { en: 'Keeping earlier thoughts', zh: '保留历史思考' },
  why: "`thinking.keep` is `all`, or null where thinking can be switched; K2.5 refuses it altogether, although the official command line client sends it. A value that is not taken is left out, which is the model's default.",
  source: 'platform openapi.json (K2.6 copy); vercel/ai (live test of kimi-k2.5); recorded requests of kimi-code 2.1.0',
  seen: '2026-11-12',
  when: (situation) => isKimiApi(situation) && situation.model !== undefined,
  request: {
    reads: ['thinking'],
    trigger: { members: ['thinking'] },
    apply(request, { situation, note }) {
      const { thinking } = request;
      if (typeof thinking !== 'object' || thinking === null || !('keep' in thinking)) return request;
      if (isAccepted(thinking.keep, situation)) return request;
      const { keep, ...rest } = thinking;
      note(`thinking.keep ${JSON.stringify(keep)} left out`);
      return { ...request, thinking: rest };
    },
  },
};
