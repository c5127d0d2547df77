import { refusal } from '../chat-stream.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const streamType: VerifyCheck = {
  id: 'stream-type',
  group: 'streams',
  kind: 'protocol',
  title: { en: 'A stream says that it is one', zh: '流式响应声明正确的类型' },
  meaning: {
    en: 'Browsers and SDKs take the stream for a file or for JSON, and show nothing.',
    zh: '浏览器与 SDK 会把流当作文件或 JSON，什么也不显示。',
  },
  uses: ['stream'],
  async run(probe) {
    const stream = await probe.shared('stream');
    const refused = refusal(stream);
    if (refused) return differs(refused);
    return /^text\/event-stream\b/.test(stream.type) ? CONFORMS : differs(`content-type: ${stream.type || 'none'}`);
  },
};
