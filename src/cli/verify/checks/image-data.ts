import { refusal } from '../chat-stream.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, skipped, type VerifyCheck } from '../verify-check.ts';

/** One red pixel, made by hand. */
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

export const imageData: VerifyCheck = {
  id: 'image-data',
  group: 'messages',
  kind: 'protocol',
  title: { en: 'A picture is taken as data', zh: '接受以数据形式发送的图片' },
  meaning: { en: 'Pictures cannot be shown to the model.', zh: '无法向模型展示图片。' },
  requests: 1,
  async run(probe) {
    if (!probe.facts?.input.includes('image'))
      return skipped({ en: 'the model is not known to see', zh: '不确定该模型能看图' });
    const parts = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: PIXEL } },
    ];
    const refused = refusal(await probe.chat(asking(parts)));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
