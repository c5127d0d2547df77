import { joined } from '../chat-stream.ts';
import { textAt } from '../json-at.ts';
import { skipped, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const thinkingShown: VerifyCheck = {
  id: 'thinking-shown',
  group: 'answers',
  kind: 'protocol',
  title: {
    en: 'A model that thinks shows it in `reasoning_content`',
    zh: '会思考的模型通过 reasoning_content 展示思考',
  },
  meaning: {
    en: 'Agents cannot send the reasoning back, and their tool loops are refused.',
    zh: '智能体无法回传思考内容，工具循环会被拒绝。',
  },
  uses: ['whole', 'stream'],
  async run(probe) {
    if (probe.facts === undefined || probe.facts.thinking === 'none') {
      return skipped({ en: 'not known to think', zh: '不确定该模型是否会思考' });
    }
    const whole = textAt((await probe.shared('whole')).json, 'choices', 0, 'message', 'reasoning_content');
    const stream = joined(await probe.shared('stream'), 'reasoning_content');
    return verdictOf([
      ...(whole === '' ? [{ en: 'none in a whole answer', zh: '完整回答中没有' }] : []),
      ...(stream === '' ? [{ en: 'none in a stream', zh: '流中没有' }] : []),
    ]);
  },
};
