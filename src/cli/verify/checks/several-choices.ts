import { refusal } from '../chat-stream.ts';
import { at, listAt, shown } from '../json-at.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const severalChoices: VerifyCheck = {
  id: 'several-choices',
  group: 'parameters',
  kind: 'dialect',
  title: { en: '`n: 2` gives two choices', zh: 'n: 2 返回两个 choice' },
  meaning: {
    en: 'Programs that compare answers get one, or a 400.',
    zh: '需要比较多个回答的程序只得到一个，或得到 400。',
  },
  requests: 1,
  async run(probe) {
    const answer = await probe.chat(asking('Say hello.', { n: 2 }));
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const indexes = listAt(answer.json, 'choices').map((choice) => at(choice, 'index'));
    return shown(indexes) === '[0,1]'
      ? CONFORMS
      : differs({ en: `choices with the indexes ${shown(indexes)}`, zh: `choices 的 index 为 ${shown(indexes)}` });
  },
};
