import { refusal } from '../chat-stream.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const nullMembers: VerifyCheck = {
  id: 'null-members',
  group: 'parameters',
  kind: 'dialect',
  title: { en: 'Members that are null or empty count as absent', zh: '为 null 或空的字段视为未设置' },
  meaning: {
    en: 'SDKs of typed languages send every member, and are refused.',
    zh: '强类型语言的 SDK 会发送所有字段，从而被拒绝。',
  },
  requests: 1,
  async run(probe) {
    const more = {
      temperature: null,
      stop: null,
      tools: [],
      tool_choice: null,
      response_format: null,
      n: null,
      stream: false,
    };
    const refused = refusal(await probe.chat(asking('Say hello.', more)));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
