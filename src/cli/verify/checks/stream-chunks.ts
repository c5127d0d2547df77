import type { Phrase } from '../../language.ts';
import { chunksOf, refusal } from '../chat-stream.ts';
import { at, listAt, shown } from '../json-at.ts';
import { unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const streamChunks: VerifyCheck = {
  id: 'stream-chunks',
  group: 'streams',
  kind: 'protocol',
  title: { en: 'Every chunk has its shape, and one id', zh: '每个 chunk 格式正确且 id 一致' },
  meaning: {
    en: 'SDKs that put the chunks together throw, or make several answers of one.',
    zh: '拼接 chunk 的 SDK 会抛错，或把一个回答拆成多个。',
  },
  uses: ['stream', 'toolStream'],
  async run(probe) {
    const problems: Phrase[] = [];
    for (const name of ['stream', 'toolStream'] as const) {
      const stream = await probe.shared(name);
      // Whether it is let in is for stream-type and tool-call-stream to tell.
      if (refusal(stream)) continue;
      const chunks = chunksOf(stream);
      if (chunks.length === 0) return differs({ en: 'no chunk at all', zh: '没有任何分块' });
      const ids = new Set(chunks.map((chunk) => at(chunk, 'id')));
      if (ids.size !== 1)
        problems.push({ en: `${ids.size} different ids in one stream`, zh: `同一个流中有 ${ids.size} 个不同的 id` });
      problems.push(...chunks.flatMap(chunkProblems));
    }
    return verdictOf(problems);
  },
};

function chunkProblems(chunk: unknown): Phrase[] {
  if (typeof chunk !== 'object' || chunk === null)
    return [{ en: 'a data line that is no JSON object', zh: '有一行 data 不是 JSON 对象' }];
  return [
    ...(at(chunk, 'object') === 'chat.completion.chunk' ? [] : [unlike('object', at(chunk, 'object'))]),
    ...(Number.isInteger(at(chunk, 'created')) ? [] : [unlike('created', at(chunk, 'created'))]),
    ...(typeof at(chunk, 'model') === 'string' ? [] : [unlike('model', at(chunk, 'model'))]),
    ...(Array.isArray(at(chunk, 'choices')) ? [] : [unlike('choices', at(chunk, 'choices'))]),
    ...listAt(chunk, 'choices').flatMap((choice) => [
      ...(at(choice, 'index') === 0
        ? []
        : [
            {
              en: `choice index ${shown(at(choice, 'index'))}`,
              zh: `choice 的 index 为 ${shown(at(choice, 'index'))}`,
            },
          ]),
      ...(typeof at(choice, 'delta') === 'object' && at(choice, 'delta') !== null
        ? []
        : [unlike('delta', at(choice, 'delta'))]),
    ]),
  ];
}
