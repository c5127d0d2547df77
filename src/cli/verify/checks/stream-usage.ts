import { chunksOf } from '../chat-stream.ts';
import { at, listAt } from '../json-at.ts';
import { usageProblems } from '../usage.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const streamUsage: VerifyCheck = {
  id: 'stream-usage',
  group: 'streams',
  kind: 'protocol',
  title: {
    en: 'The usage of a stream comes once, at its end, for whoever asks',
    zh: '流的用量仅在请求时于末尾出现一次',
  },
  meaning: { en: 'Tokens are counted twice or not at all.', zh: 'token 会被重复计算或漏计。' },
  uses: ['stream'],
  async run(probe) {
    const chunks = chunksOf(await probe.shared('stream'));
    const counted = chunks.filter((chunk) => typeof at(chunk, 'usage') === 'object' && at(chunk, 'usage') !== null);
    const [usage] = counted;
    if (usage === undefined)
      return differs({
        en: 'include_usage was set, and no chunk has `usage`',
        zh: '设置了 include_usage，但没有分块带 `usage`',
      });
    return verdictOf([
      ...(counted.length === 1
        ? []
        : [{ en: `${counted.length} chunks have usage`, zh: `${counted.length} 个分块带有 usage` }]),
      ...(chunks.at(-1) === usage
        ? []
        : [{ en: 'the chunk with usage is not the last', zh: '带 usage 的分块不是最后一个' }]),
      ...(listAt(usage, 'choices').length === 0
        ? []
        : [{ en: 'the chunk with usage has a choice', zh: '带 usage 的分块有 choice' }]),
      ...usageProblems(at(usage, 'usage')),
    ]);
  },
};
