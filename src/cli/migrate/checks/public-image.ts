import { CHAT_REFERENCE, type Check } from '../check.ts';
import { member, textMember } from '../code/tools.ts';
import { candidates } from '../syntax/program.ts';

export const publicImage: Check = {
  id: 'public-image',
  level: 'error',
  title: { en: 'A picture by its public address', zh: '以公网地址引用图片' },
  why: {
    en: 'Kimi takes `data:` and `ms://` addresses only: 400 "unsupported image url".',
    zh: 'Kimi 只接受 data: 与 ms:// 地址：否则返回 400 unsupported image url。',
  },
  link: CHAT_REFERENCE,
  gateway: {
    en: 'fetches it behind an address guard and sends it as data (public-images)',
    zh: '在地址防护之下取回图片并以数据发送（public-images）',
  },
  remains: { en: 'nothing through the gateway; else send the bytes', zh: '经由网关无需改动；否则发送图片数据' },
  *find({ program, requests }) {
    if (requests.length === 0) return;
    for (const record of program.records) {
      const image = textMember(record, 'type') === 'image_url' ? member(record, 'image_url')?.value : undefined;
      if (image === undefined) continue;
      const url = image.kind === 'record' ? member(image, 'url')?.value : image;
      const text = url && candidates(program, url).find((value) => value.kind === 'text');
      if (text?.kind === 'text' && /^https?:/.test(text.value)) yield { from: text.from, to: text.to };
    }
  },
};
