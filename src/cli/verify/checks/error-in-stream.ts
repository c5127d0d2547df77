import { errorProblems } from '../error-shape.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const errorInStream: VerifyCheck = {
  id: 'error-in-stream',
  group: 'errors',
  kind: 'protocol',
  title: { en: 'A refused stream has its status, and no events', zh: '被拒绝的流返回状态码而不是事件' },
  meaning: {
    en: 'A failure arrives as an empty answer, and nobody learns why.',
    zh: '失败表现为空回答，无从得知原因。',
  },
  requests: 1,
  async run(probe) {
    const body = { model: 'moongate-verify-no-such-model', messages: [{ role: 'user', content: 'Hi' }], stream: true };
    const answer = await probe.stream(body);
    return verdictOf([
      ...errorProblems(answer, [404, 400]),
      ...(answer.events.length === 0 ? [] : [{ en: 'events come with it', zh: '同时还有事件' }]),
    ]);
  },
};
