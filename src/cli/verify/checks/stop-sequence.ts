import { refusal } from '../chat-stream.ts';
import { at, shown, textAt } from '../json-at.ts';
import { asking } from '../shared-exchanges.ts';
import { unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const stopSequence: VerifyCheck = {
  id: 'stop-sequence',
  group: 'parameters',
  kind: 'protocol',
  title: { en: 'A stop sequence ends the answer', zh: '停止序列会结束回答' },
  meaning: { en: 'Programs that cut answers by marks get too much.', zh: '依赖标记截断的程序会得到过多内容。' },
  requests: 1,
  async run(probe) {
    const answer = await probe.chat(asking('Repeat exactly: alpha beta gamma delta', { stop: ['gamma'] }));
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const choice = at(answer.json, 'choices', 0);
    const content = textAt(choice, 'message', 'content');
    return verdictOf([
      ...(/gamma|delta/.test(content)
        ? [{ en: `the text goes on: ${shown(content)}`, zh: `文本没有停止：${shown(content)}` }]
        : []),
      ...(content.includes('alpha')
        ? []
        : [{ en: `the text does not begin: ${shown(content)}`, zh: `文本没有开头：${shown(content)}` }]),
      ...(at(choice, 'finish_reason') === 'stop' ? [] : [unlike('finish_reason', at(choice, 'finish_reason'))]),
    ]);
  },
};
