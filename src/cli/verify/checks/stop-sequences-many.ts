import { refusal } from '../chat-stream.ts';
import { shown, textAt } from '../json-at.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const stopSequencesMany: VerifyCheck = {
  id: 'stop-sequences-many',
  group: 'parameters',
  kind: 'dialect',
  title: { en: 'More than five stop sequences work', zh: '支持五个以上的停止序列' },
  meaning: {
    en: 'Frameworks that set many get "stop array too long".',
    zh: '设置较多停止序列的框架会得到 stop array too long。',
  },
  requests: 1,
  async run(probe) {
    const stop = ['<1>', '<2>', '<3>', '<4>', '<5>', 'delta'];
    const answer = await probe.chat(asking('Repeat exactly: alpha beta gamma delta', { stop }));
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const content = textAt(answer.json, 'choices', 0, 'message', 'content');
    return content.includes('delta')
      ? differs({ en: `the sixth has no effect: ${shown(content)}`, zh: `第六个不起作用：${shown(content)}` })
      : CONFORMS;
  },
};
