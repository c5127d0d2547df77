import { refusal } from '../chat-stream.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

/** What the official Node client sends besides the body. */
const HEADERS = {
  'user-agent': 'OpenAI/JS 7.57.0',
  'x-stainless-lang': 'js',
  'x-stainless-package-version': '7.57.0',
  'x-stainless-runtime': 'node',
  'x-stainless-retry-count': '0',
  'openai-organization': 'org-verify',
  'idempotency-key': 'stainless-node-retry-verify',
};

export const sdkHeaders: VerifyCheck = {
  id: 'sdk-headers',
  group: 'messages',
  kind: 'protocol',
  title: { en: 'The headers of the official client do no harm', zh: '官方客户端的请求头不会导致失败' },
  meaning: { en: 'curl works and the SDK does not.', zh: 'curl 可用而 SDK 不可用。' },
  requests: 1,
  async run(probe) {
    const refused = refusal(await probe.postWith(asking('Say hello.'), HEADERS));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
