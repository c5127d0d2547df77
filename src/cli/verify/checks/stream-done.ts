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
    const problems: string[] = [];
    for (const name of ['stream', 'streamBare'] as const) {
      const { events, isCut, rest } = await probe.shared(name);
      const dones = events.filter(({ data }) => data === '[DONE]').length;
      if (isCut) problems.push('the connection broke off');
      if (dones === 0) problems.push('no [DONE]');
      else if (dones > 1 || events.at(-1)?.data !== '[DONE]') problems.push('something comes behind [DONE]');
      if (rest.trim() !== '') problems.push('the last event is not complete');
    }
    return verdictOf(problems);
  },
};
