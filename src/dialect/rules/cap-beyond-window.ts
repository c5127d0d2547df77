import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';
import { CAP_NAMES, capOf, THINKING_FLOOR } from '../sizes/cap-of.ts';

/** What the estimate may be short of, as a part of it, and at least. */
const MARGIN = 0.15;
const LEAST_MARGIN = 512;

/** The vendor counts for us: what the window holds, and prompt and cap together. */
const OVER_LIMIT = /^Your request exceeded model token limit: (\d+) \(requested: (\d+)\)/;

export const capBeyondWindow: Rule = {
  id: 'cap-beyond-window',
  title: { en: 'Prompt and cap fit into the window', zh: '提示与输出上限不超过窗口' },
  why: 'A cap that does not fit behind the prompt is a 400 (`Your request exceeded model token limit: N (requested: M)`); clients send the whole window as the cap. It is lowered to what the estimated prompt leaves, with a margin. A prompt that itself leaves nothing is for the surface to judge.',
  source: 'platform openapi.json (K2.6 copy); recorded requests of kimi-code 2.1.0 (262144)',
  seen: '2026-11-12',
  when: (situation) => isKimiApi(situation) && situation.model !== undefined,
  refusal: OVER_LIMIT,
  refused(request, { note }, sentence) {
    const found = capOf(request);
    const [, limit, requested] = OVER_LIMIT.exec(sentence) ?? [];
    if (found === undefined || limit === undefined || requested === undefined) return request;
    const cap = found.cap - (Number(requested) - Number(limit));
    if (cap < 1) return request;
    note(`${found.name} ${found.cap} lowered to ${cap}, which the surface has room for`);
    return { ...request, [found.name]: cap };
  },
  request: {
    reads: CAP_NAMES,
    trigger: { members: CAP_NAMES },
    apply(request, { situation: { model }, requestBytes = Number.POSITIVE_INFINITY, promptTokens, note }) {
      const found = capOf(request);
      if (found === undefined || model === undefined || promptTokens === undefined) return request;
      if (found.cap <= THINKING_FLOOR || found.cap + 2 * requestBytes < model.context) return request;
      const prompt = promptTokens();
      const room = Math.floor(model.context - prompt - Math.max(LEAST_MARGIN, prompt * MARGIN));
      const cap = Math.max(THINKING_FLOOR, room);
      if (found.cap <= cap) return request;
      note(`${found.name} ${found.cap} lowered to ${cap}`);
      return { ...request, [found.name]: cap };
    },
  },
};
