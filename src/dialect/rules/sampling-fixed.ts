import type { ChatRequest } from '../../chat/chat.ts';
import { type Rule, type Situation, without } from '../rule.ts';

const MEMBERS = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty'] as const;

/** The one value that is accepted for a member; sending it is the same as leaving it out. */
function accepted(member: (typeof MEMBERS)[number], { model, thinking }: Situation): number | undefined {
  if (model?.sampling.kind !== 'fixed') return undefined;
  if (member === 'temperature')
    return thinking ? model.sampling.temperature.thinking : model.sampling.temperature.plain;
  if (member === 'top_p') return model.sampling.topP;
  return 0;
}

export const samplingFixed: Rule = {
  id: 'sampling-fixed',
  title: { en: 'Sampling parameters are fixed', zh: '采样参数固定' },
  why: 'The model accepts one value of each sampling parameter and answers 400 `invalid temperature: only 1 is allowed for this model` to any other. Leaving it out always works.',
  source:
    'HKUDS/nanobot PR 202; cline/cline PR 10620; Kimi-Vendor-Verifier tests/params; live probes of a Go gateway, Halro',
  seen: '2026-09-02',
  when: ({ model }) => model?.sampling.kind === 'fixed',
  refusal: /^invalid (?:temperature|top_p|presence_penalty|frequency_penalty): only /,
  refused: (request, { note }) => {
    note(`${MEMBERS.filter((member) => member in request).join(', ')} left out`);
    return without(request, MEMBERS);
  },
  request: {
    reads: MEMBERS,
    trigger: { members: MEMBERS },
    apply(request: ChatRequest, { situation, note }) {
      const refused = MEMBERS.filter((member) => member in request && request[member] !== accepted(member, situation));
      for (const member of refused) note(`${member} ${JSON.stringify(request[member])} left out`);
      return without(request, refused);
    },
  },
};
