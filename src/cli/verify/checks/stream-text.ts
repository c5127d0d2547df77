import { joined } from '../chat-stream.ts';
import { shown } from '../json-at.ts';
import { SENTENCE } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const streamText: VerifyCheck = {
  id: 'stream-text',
  group: 'streams',
  kind: 'protocol',
  title: { en: 'The pieces of a stream make up the text', zh: '流的片段拼成完整文本' },
  meaning: { en: 'Characters are lost or broken at the cuts between pieces.', zh: '片段交界处的字符会丢失或损坏。' },
  uses: ['stream'],
  async run(probe) {
    const content = joined(await probe.shared('stream'), 'content');
    return content.includes(SENTENCE)
      ? CONFORMS
      : differs({
          en: `asked to repeat ${SENTENCE}, got ${shown(content)}`,
          zh: `要求重复 ${SENTENCE}，得到 ${shown(content)}`,
        });
  },
};
