import { chunksOf } from '../chat-stream.ts';
import { listAt } from '../json-at.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const streamEmptyChoices: VerifyCheck = {
  id: 'stream-empty-choices',
  group: 'streams',
  kind: 'dialect',
  title: { en: 'Without a wish for usage every chunk has a choice', zh: '未请求用量时每个 chunk 都有 choice' },
  meaning: {
    en: '"list index out of range" in clients that read the first choice of every chunk.',
    zh: '读取每个 chunk 第一个 choice 的客户端会报 list index out of range。',
  },
  uses: ['streamBare'],
  async run(probe) {
    const empty = chunksOf(await probe.shared('streamBare')).filter((chunk) => listAt(chunk, 'choices').length === 0);
    return empty.length === 0
      ? CONFORMS
      : differs({ en: `${empty.length} chunks without a choice`, zh: `${empty.length} 个分块没有 choice` });
  },
};
