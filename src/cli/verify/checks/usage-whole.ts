import { at } from '../json-at.ts';
import { usageProblems } from '../usage.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const usageWhole: VerifyCheck = {
  id: 'usage-whole',
  group: 'answers',
  kind: 'protocol',
  title: { en: 'The usage of a whole answer adds up', zh: '完整回答的用量相符' },
  meaning: {
    en: 'Costs and context sizes are shown wrong; agents compact too late or too early.',
    zh: '费用与上下文长度显示错误；智能体压缩上下文的时机不对。',
  },
  uses: ['whole'],
  async run(probe) {
    return verdictOf(usageProblems(at((await probe.shared('whole')).json, 'usage')));
  },
};
