import type { Rule } from '../rule.ts';

/** Below this a temperature counts as 0: one choice only. The documentation says "close to 0". */
const COLD = 0.001;

export const samplingRange: Rule = {
  id: 'sampling-range',
  title: { en: 'Temperature ends at 1', zh: '温度上限为 1' },
  why: 'The older models take temperatures from 0 to 1, where OpenAI takes 0 to 2, and only one choice near 0 (`invalid_request_error`).',
  source: 'platform docs, migration guide from OpenAI to Kimi; openapi.json (K2.6 copy)',
  seen: '2026-09-02',
  when: ({ model }) => model?.sampling.kind === 'range',
  request: {
    reads: ['temperature', 'n'],
    trigger: { members: ['temperature'] },
    apply(request, { note }) {
      const { temperature, n } = request;
      if (typeof temperature !== 'number') return request;
      if (temperature > 1) {
        note(`temperature ${temperature} lowered to 1`);
        return { ...request, temperature: 1 };
      }
      if (temperature < COLD && typeof n === 'number' && n > 1) {
        note(`n ${n} lowered to 1 at temperature ${temperature}`);
        return { ...request, n: 1 };
      }
      return request;
    },
  },
};
