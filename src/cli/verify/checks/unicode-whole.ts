import { shown, textAt } from '../json-at.ts';
import { SENTENCE } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const unicodeWhole: VerifyCheck = {
  id: 'unicode-whole',
  group: 'answers',
  kind: 'protocol',
  title: { en: 'Every character survives in a whole answer', zh: '完整回答中字符无损' },
  meaning: { en: 'Chinese text, accents or emoji arrive broken.', zh: '中文、重音字母或表情会损坏。' },
  uses: ['whole'],
  async run(probe) {
    const content = textAt((await probe.shared('whole')).json, 'choices', 0, 'message', 'content');
    return content.includes(SENTENCE)
      ? CONFORMS
      : differs({
          en: `asked to repeat ${SENTENCE}, got ${shown(content)}`,
          zh: `要求重复 ${SENTENCE}，得到 ${shown(content)}`,
        });
  },
};
