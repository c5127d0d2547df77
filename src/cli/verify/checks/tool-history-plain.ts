import { refusal } from '../chat-stream.ts';
import { at } from '../json-at.ts';
import { resultTurn } from '../tool-turn.ts';
import { CONFORMS, differs, skipped, type VerifyCheck } from '../verify-check.ts';

export const toolHistoryPlain: VerifyCheck = {
  id: 'tool-history-plain',
  group: 'tools',
  kind: 'dialect',
  title: { en: 'A tool loop works without `reasoning_content`', zh: '工具循环可以不带 reasoning_content' },
  meaning: {
    en: 'Clients that send back what OpenAI defines get "reasoning_content is missing" at the second request.',
    zh: '只回传 OpenAI 字段的客户端会在第二次请求得到 reasoning_content is missing。',
  },
  uses: ['tool'],
  requests: 1,
  async run(probe) {
    const body = await resultTurn(probe, (message) => ({
      role: 'assistant',
      content: null,
      tool_calls: at(message, 'tool_calls'),
    }));
    if (body === undefined) return skipped({ en: 'no tool was called', zh: '没有调用工具' });
    const refused = refusal(await probe.chat(body));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
