import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';
import { CAP_NAMES, capOf, THINKING_FLOOR } from '../sizes/cap-of.ts';

export const capTooSmall: Rule = {
  id: 'cap-too-small',
  title: { en: 'A cap that thinking would use up', zh: '过小的输出上限' },
  why: `The cap counts thinking too: of 48 tokens 45 went into it, and the answer was empty with \`finish_reason: length\`. Below ${THINKING_FLOOR} thinking is switched off where that is possible and was not asked for; else the cap is raised to ${THINKING_FLOOR} and an effort that was not given becomes the weakest.`,
  source: 'live probes of a Go gateway, Halro; MoonshotAI/kimi-code #149; murtaza-nasir/speakr #264',
  seen: '2026-09-02',
  when: (situation) => isKimiApi(situation) && situation.thinking,
  request: {
    reads: [...CAP_NAMES, 'thinking', 'reasoning_effort'],
    trigger: { members: CAP_NAMES },
    apply(request, { situation: { model }, note }) {
      const found = capOf(request);
      if (found === undefined || found.cap >= THINKING_FLOOR || model === undefined) return request;
      const isAsked = request.thinking?.type === 'enabled';
      if (model.thinking === 'toggle' && !isAsked) {
        note(`thinking switched off, ${found.name} ${found.cap} would not do for it`);
        return { ...request, thinking: { type: 'disabled' } };
      }
      const [weakest] = model.efforts;
      const isFree = weakest !== undefined && !('reasoning_effort' in request) && !('thinking' in request);
      note(
        `${found.name} ${found.cap} raised to ${THINKING_FLOOR}${isFree ? `, reasoning_effort ${weakest} added` : ''}`,
      );
      return { ...request, [found.name]: THINKING_FLOOR, ...(isFree ? { reasoning_effort: weakest } : {}) };
    },
  },
};
