import type { Phrase } from '../../language.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const streamDone: VerifyCheck = {
  id: 'stream-done',
  group: 'streams',
  kind: 'protocol',
  title: { en: 'A stream ends with [DONE] and nothing behind it', zh: '流以 [DONE] 结束，其后没有内容' },
  meaning: {
    en: 'Clients wait for more until a timeout, or report a lost connection.',
    zh: '客户端会一直等到超时，或报告连接丢失。',
  },
  uses: ['stream', 'streamBare'],
  async run(probe) {
    const problems: Phrase[] = [];
    for (const name of ['stream', 'streamBare'] as const) {
      const { events, isCut, rest } = await probe.shared(name);
      const dones = events.filter(({ data }) => data === '[DONE]').length;
      if (isCut) problems.push({ en: 'the connection broke off', zh: '连接中断' });
      if (dones === 0) problems.push({ en: 'no [DONE]', zh: '没有 [DONE]' });
      else if (dones > 1 || events.at(-1)?.data !== '[DONE]')
        problems.push({ en: 'something comes behind [DONE]', zh: '[DONE] 之后还有内容' });
      if (rest.trim() !== '') problems.push({ en: 'the last event is not complete', zh: '最后一个事件不完整' });
    }
    return verdictOf(problems);
  },
};
