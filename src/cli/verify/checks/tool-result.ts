import { refusal } from '../chat-stream.ts';
import { shown, textAt } from '../json-at.ts';
import { resultTurn } from '../tool-turn.ts';
import { CONFORMS, differs, skipped, type VerifyCheck } from '../verify-check.ts';

export const toolResult: VerifyCheck = {
  id: 'tool-result',
  group: 'tools',
  kind: 'protocol',
  title: { en: 'A tool result is taken and answered', zh: '接受工具结果并作答' },
  meaning: { en: 'Every tool loop breaks off at its second request.', zh: '所有工具循环都会在第二次请求时中断。' },
  uses: ['tool'],
  requests: 1,
  async run(probe) {
    // A blank text beside a call is Kimi's own affair: the check tool-echo.
    const body = await resultTurn(probe, (message) => ({ ...message, content: textAt(message, 'content') || null }));
    if (body === undefined) return skipped({ en: 'no tool was called', zh: '没有调用工具' });
    const answer = await probe.chat(body);
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const content = textAt(answer.json, 'choices', 0, 'message', 'content');
    return content === ''
      ? differs({ en: `no text: ${shown(answer.json)}`, zh: `没有文本：${shown(answer.json)}` })
      : CONFORMS;
  },
};
