import { refusal } from '../chat-stream.ts';
import { shown, textAt } from '../json-at.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const contentParts: VerifyCheck = {
  id: 'content-parts',
  group: 'messages',
  kind: 'protocol',
  title: { en: 'A message may be a list of parts', zh: '消息可以由多个部分组成' },
  meaning: { en: 'Clients that always send parts get no answer.', zh: '总是发送分段内容的客户端得不到回答。' },
  requests: 1,
  async run(probe) {
    const parts = [
      { type: 'text', text: 'Repeat exactly: ' },
      { type: 'text', text: 'blue whale' },
    ];
    const answer = await probe.chat(asking(parts));
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const content = textAt(answer.json, 'choices', 0, 'message', 'content');
    return /blue whale/i.test(content)
      ? CONFORMS
      : differs({ en: `the parts were not read: ${shown(content)}`, zh: `没有读取各部分：${shown(content)}` });
  },
};
