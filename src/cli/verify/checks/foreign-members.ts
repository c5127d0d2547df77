import { refusal } from '../chat-stream.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const foreignMembers: VerifyCheck = {
  id: 'foreign-members',
  group: 'parameters',
  kind: 'dialect',
  title: { en: 'Parameters of other vendors do no harm', zh: '其他厂商的参数不会导致失败' },
  meaning: {
    en: 'Clients that send `seed`, `store` or `metadata` by themselves are refused.',
    zh: '会自动发送 seed、store、metadata 的客户端会被拒绝。',
  },
  requests: 1,
  async run(probe) {
    const more = {
      seed: 1,
      store: false,
      metadata: { a: 'b' },
      logit_bias: {},
      parallel_tool_calls: true,
      user: 'u',
      service_tier: 'auto',
    };
    const refused = refusal(await probe.chat(asking('Say hello.', more)));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
