import { refusal } from '../chat-stream.ts';
import { resultTurn } from '../tool-turn.ts';
import { CONFORMS, differs, skipped, type VerifyCheck } from '../verify-check.ts';

export const toolEcho: VerifyCheck = {
  id: 'tool-echo',
  group: 'tools',
  kind: 'dialect',
  title: { en: 'A tool call can be sent back as it came', zh: '工具调用可以原样发回' },
  meaning: {
    en: 'Agents that keep the blank text beside a call get "text content is empty" at the second request.',
    zh: '保留调用旁空文本的智能体会在第二次请求得到 text content is empty。',
  },
  uses: ['tool'],
  requests: 1,
  async run(probe) {
    const body = await resultTurn(probe, (message) => message);
    if (body === undefined) return skipped({ en: 'no tool was called', zh: '没有调用工具' });
    const refused = refusal(await probe.chat(body));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
