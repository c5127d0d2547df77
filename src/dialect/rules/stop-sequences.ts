import { isKimiApi } from '../kimi-surface.ts';
import { type Rule, without } from '../rule.ts';
import { stopFilter } from '../sizes/stop-filter.ts';

const MAX_STOPS = 5;
const MAX_BYTES = 32;

export const stopSequences: Rule = {
  id: 'stop-sequences',
  title: { en: 'Five short stop sequences', zh: '停止序列的数量与长度' },
  why: 'Kimi takes five stop sequences of at most 32 bytes (`stop array too long. Expected an array with maximum length 5, but got 6`). The first five that fit go up; the others are applied to the answer by the gateway, which gives the call up when one occurs. The web chat takes none, so there all of them are.',
  source: 'platform openapi.json (K2.6 copy); live probes of a Go gateway, Halro',
  seen: '2026-09-02',
  when: (situation) => isKimiApi(situation) || situation.surface === 'web',
  refusal: /^stop array too long/,
  request: {
    reads: ['stop', 'n'],
    trigger: { members: ['stop'] },
    apply(request, { situation, note, onAnswer }) {
      const { stop, n } = request;
      if (stop === undefined || stop === null) return request;
      const given: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
      const stops = given.filter((text) => typeof text === 'string' && text !== '').map(String);
      const most = situation.surface === 'web' ? 0 : MAX_STOPS;
      const up = stops.filter((text) => Buffer.byteLength(text) <= MAX_BYTES).slice(0, most);
      if (up.length === given.length) return request;
      const own = stops.filter((text) => !up.includes(text));
      if (own.length > 0) {
        note(`${own.length} of ${stops.length} stop sequences applied by the gateway`);
        onAnswer(stopFilter(own, typeof n === 'number' ? n : 1));
      } else note('empty stop sequences left out');
      return up.length === 0 ? without(request, ['stop']) : { ...request, stop: up };
    },
  },
};
