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
    if (usage === undefined) return differs('include_usage was set, and no chunk has `usage`');
    return verdictOf([
      ...(counted.length === 1 ? [] : [`${counted.length} chunks have usage`]),
      ...(chunks.at(-1) === usage ? [] : ['the chunk with usage is not the last']),
      ...(listAt(usage, 'choices').length === 0 ? [] : ['the chunk with usage has a choice']),
      ...usageProblems(at(usage, 'usage')),
    ]);
  },
};
