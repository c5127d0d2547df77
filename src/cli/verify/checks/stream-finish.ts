import type { Phrase } from '../../language.ts';
import { chunksOf, finishReasons } from '../chat-stream.ts';
import { at, shown } from '../json-at.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const streamFinish: VerifyCheck = {
  id: 'stream-finish',
  group: 'streams',
  kind: 'protocol',
  title: { en: 'A stream tells once why it ended', zh: '流给出唯一的结束原因' },
  meaning: {
    en: 'A cut answer cannot be told from a whole one; agents wait or repeat the turn.',
    zh: '无法区分被截断与完整的回答；智能体会等待或重复该轮。',
  },
  uses: ['stream', 'streamBare'],
  async run(probe) {
    const problems: Phrase[] = [];
    for (const name of ['stream', 'streamBare'] as const) {
      const stream = await probe.shared(name);
      const reasons = finishReasons(stream);
      const closing = chunksOf(stream).findLast((chunk) => at(chunk, 'choices', 0) !== undefined);
      if (reasons.length !== 1)
        problems.push({ en: `${reasons.length} finish reasons`, zh: `${reasons.length} 个 finish_reason` });
      else if (reasons[0] !== 'stop')
        problems.push({
          en: `finish_reason ${shown(reasons[0])}, expected "stop"`,
          zh: `finish_reason 为 ${shown(reasons[0])}，应为 "stop"`,
        });
      else if (at(closing, 'choices', 0, 'finish_reason') !== 'stop')
        problems.push({ en: 'pieces come behind the finish reason', zh: 'finish_reason 之后还有内容' });
    }
    return verdictOf(problems);
  },
};
