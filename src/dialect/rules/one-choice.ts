import { type Rule, without } from '../rule.ts';

export const oneChoice: Rule = {
  id: 'one-choice',
  title: { en: 'One choice for each call', zh: '每次调用只有一个 choice' },
  why: 'The live models answer 400 `invalid n: only 1 is allowed for this model`. Several choices are delivered all the same: by as many calls at once, merged into one answer or one stream with their usage added up (at most `limits.choices`).',
  source: 'Kimi-Vendor-Verifier tests/params; live probes of a Go gateway, Halro; migration guide from OpenAI to Kimi',
  seen: '2026-09-02',
  when: ({ model }) => model?.sampling.kind === 'fixed',
  refusal: /^invalid n: only /,
  request: {
    reads: ['n'],
    trigger: { members: ['n'] },
    apply(request, { note }) {
      if (request.n === 1 || request.n === undefined) return request;
      note(
        typeof request.n === 'number'
          ? `n ${request.n}: one call for each choice`
          : `n ${JSON.stringify(request.n)} left out`,
      );
      return without(request, ['n']);
    },
  },
};
