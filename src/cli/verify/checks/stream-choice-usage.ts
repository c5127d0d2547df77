import { chunksOf } from '../chat-stream.ts';
import { at } from '../json-at.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const streamChoiceUsage: VerifyCheck = {
  id: 'stream-choice-usage',
  group: 'streams',
  kind: 'dialect',
  title: { en: 'No usage inside the choice', zh: 'choice 中没有 usage' },
  meaning: {
    en: 'Kimi puts it into the closing choice, too: a client that adds both up counts twice.',
    zh: 'Kimi 还会放在最后一个 choice 里：两处相加的客户端会重复计数。',
  },
  uses: ['stream'],
  async run(probe) {
    const chunks = chunksOf(await probe.shared('stream'));
    const isInside = chunks.some((chunk) => at(chunk, 'choices', 0, 'usage') !== undefined);
    return isInside
      ? differs({ en: 'choices[0].usage in the closing chunk', zh: '结束分块中有 choices[0].usage' })
      : CONFORMS;
  },
};
