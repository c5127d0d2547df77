import { refusal } from '../chat-stream.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const sampling: VerifyCheck = {
  id: 'sampling',
  group: 'parameters',
  kind: 'dialect',
  title: { en: 'Sampling parameters do no harm', zh: '采样参数不会导致失败' },
  meaning: {
    en: 'Clients with a temperature of their own get "invalid temperature: only 1 is allowed".',
    zh: '自带 temperature 的客户端会得到 invalid temperature: only 1 is allowed。',
  },
  requests: 1,
  async run(probe) {
    const body = asking('Say hello.', { temperature: 0.2, top_p: 0.9, presence_penalty: 0.1, frequency_penalty: 0.1 });
    const refused = refusal(await probe.chat(body));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
