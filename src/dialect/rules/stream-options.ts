import { isKimiApi } from '../kimi-surface.ts';
import { type Rule, without } from '../rule.ts';

export const streamOptions: Rule = {
  id: 'stream-options',
  title: { en: 'Stream options need a stream', zh: 'stream_options 仅用于流式' },
  why: 'OpenAI refuses `stream_options` where `stream` is not true, and it can mean nothing there.',
  source: 'OpenAI API reference, chat completions; whether Kimi refuses it is not documented',
  seen: '2026-09-02',
  when: isKimiApi,
  request: {
    reads: ['stream', 'stream_options'],
    trigger: { members: ['stream_options'] },
    apply(request, { note }) {
      if (!('stream_options' in request) || request.stream === true) return request;
      note('stream_options left out');
      return without(request, ['stream_options']);
    },
  },
};
