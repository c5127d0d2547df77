import { GatewayError } from '../../errors.ts';
import { type Rule, without } from '../rule.ts';

const MEMBERS = ['logprobs', 'top_logprobs'];

export const logprobs: Rule = {
  id: 'logprobs',
  title: { en: 'Probabilities of tokens', zh: 'token 概率' },
  why: 'The platform has had `logprobs` and `top_logprobs` (0 to 20) in its schema since September 2026, so they go up to it as they are; what it answers was not verified. Neither the coding subscription nor the web chat has them: asking for them there is refused here, so that nobody waits for numbers that never come, and `false` is left out.',
  source:
    'platform openapi.json of September 2026, as a public gateway report read it; Kimi Code docs name no such member',
  seen: '2026-09-02',
  when: ({ surface }) => surface === 'coding' || surface === 'web',
  request: {
    reads: MEMBERS,
    trigger: { members: MEMBERS },
    apply(request, { note }) {
      const present = MEMBERS.filter((member) => member in request);
      if (request['logprobs'] === true || Number(request['top_logprobs'] ?? 0) > 0) {
        throw new GatewayError('invalid_request', {
          message: 'This surface gives no probabilities of tokens.',
          param: 'logprobs',
          hint: 'Leave out `logprobs` and `top_logprobs`, or choose a model of the open platform (moonshot-cn, moonshot-ai), which has them in its schema.',
        });
      }
      note(`${present.join(', ')} left out`);
      return without(request, MEMBERS);
    },
  },
};
