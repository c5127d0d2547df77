import { refusal } from '../chat-stream.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

/** As clients keep it: an answer that was stopped, a second system message, an empty one. */
const MESSAGES = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'Count to three.' },
  { role: 'assistant', content: '' },
  { role: 'user', content: 'Go on.' },
  { role: 'assistant', content: 'One, two, three.', refusal: null, annotations: [] },
  { role: 'system', content: 'Be friendly.' },
  { role: 'user', content: 'Say hello.' },
];

export const history: VerifyCheck = {
  id: 'history',
  group: 'messages',
  kind: 'dialect',
  title: { en: 'A history as clients keep it is taken', zh: '接受客户端保存的历史记录' },
  meaning: {
    en: 'One stopped answer makes a conversation useless: "must not be empty".',
    zh: '一次被中止的回答会让整个对话失效：must not be empty。',
  },
  requests: 1,
  async run(probe) {
    const refused = refusal(await probe.chat({ messages: MESSAGES, max_completion_tokens: 2_048 }));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
