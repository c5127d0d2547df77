import { chunksOf } from '../chat-stream.ts';
import { textAt } from '../json-at.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const streamReasoningFirst: VerifyCheck = {
  id: 'stream-reasoning-first',
  group: 'streams',
  kind: 'protocol',
  title: { en: 'Reasoning comes before the text', zh: '思考先于正文' },
  meaning: {
    en: 'Clients fold the answer into the thinking, or show it twice.',
    zh: '客户端会把回答折叠进思考，或重复显示。',
  },
  uses: ['stream'],
  async run(probe) {
    let hasText = false;
    for (const chunk of chunksOf(await probe.shared('stream'))) {
      const isReasoning = textAt(chunk, 'choices', 0, 'delta', 'reasoning_content') !== '';
      if (hasText && isReasoning)
        return differs({ en: 'reasoning_content comes behind content', zh: 'reasoning_content 出现在 content 之后' });
      hasText ||= textAt(chunk, 'choices', 0, 'delta', 'content') !== '';
    }
    return CONFORMS;
  },
};
