import type { Rule } from '../rule.ts';
import { givesOneChoice } from '../sizes/choices.ts';

export const samplingRange: Rule = {
  id: 'sampling-range',
  title: { en: 'Temperature ends at 1', zh: '温度上限为 1' },
  why: 'The older models take temperatures from 0 to 1, where OpenAI takes 0 to 2, and only one choice near 0 (`invalid_request_error`); there several are delivered by as many calls.',
  source: 'platform docs, migration guide from OpenAI to Kimi; openapi.json (K2.6 copy)',
  seen: '2026-09-02',
  when: ({ model }) => model?.sampling.kind === 'range',
  request: {
    reads: ['temperature', 'n'],
    trigger: { members: ['temperature'] },
    apply(request, { note, situation: { model } }) {
      const { temperature, n } = request;
      if (typeof temperature !== 'number') return request;
      if (temperature > 1) {
        note(`temperature ${temperature} lowered to 1`);
        return { ...request, temperature: 1 };
      }
      if (typeof n === 'number' && n > 1 && givesOneChoice(model, temperature)) {
        note(`n ${n} at temperature ${temperature}: one call for each choice`);
        return { ...request, n: 1 };
      }
      return request;
    },
  },
};
