import { refusal } from '../chat-stream.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const developerRole: VerifyCheck = {
  id: 'developer-role',
  group: 'messages',
  kind: 'dialect',
  title: { en: 'The role `developer` is taken', zh: '接受 developer 角色' },
  meaning: { en: 'Newer clients and Codex are refused at once.', zh: '较新的客户端与 Codex 会立即被拒绝。' },
  requests: 1,
  async run(probe) {
    const messages = [
      { role: 'developer', content: 'Be short.' },
      { role: 'user', content: 'Say hello.' },
    ];
    const refused = refusal(await probe.chat({ messages, max_completion_tokens: 2_048 }));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
