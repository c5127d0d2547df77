import { type Check, GUIDE } from '../check.ts';

export const missingEndpoint: Check = {
  id: 'missing-endpoint',
  level: 'error',
  title: { en: 'An endpoint that Kimi does not have', zh: 'Kimi 没有的接口' },
  why: {
    en: 'There are no embeddings, images, audio, moderations, assistants, fine-tuning or old completions.',
    zh: '没有 embeddings、图像、语音、审核、assistants、微调与旧的 completions 接口。',
  },
  link: GUIDE,
  gateway: { en: 'answers 404', zh: '返回 404' },
  remains: { en: 'keep another vendor for it, with a client of its own', zh: '为此保留其他厂商，并使用单独的客户端' },
  *find({ missingEndpoints }) {
    for (const { call, endpoint } of missingEndpoints)
      yield { from: call.from, to: call.callee.to, what: `\`${endpoint}\`` };
  },
};
