import { CHAT_REFERENCE, type Check } from '../check.ts';

const MAX = { count: 5, bytes: 32 };

export const stopSequences: Check = {
  id: 'stop-sequences',
  level: 'error',
  title: { en: 'Too many or too long stop sequences', zh: '停止序列过多或过长' },
  why: {
    en: `At most ${MAX.count} of at most ${MAX.bytes} bytes; more is a 400 "stop array too long".`,
    zh: `最多 ${MAX.count} 个、每个不超过 ${MAX.bytes} 字节；否则返回 400。`,
  },
  link: CHAT_REFERENCE,
  gateway: { en: 'applies the rest itself (stop-sequences)', zh: '其余的由网关自行处理（stop-sequences）' },
  remains: { en: 'nothing through the gateway; else fewer of them', zh: '经由网关无需改动；否则减少数量' },
  *find({ requests }) {
    for (const { options } of requests) {
      const option = options.get('stop');
      if (option === undefined) continue;
      const items = option.literal.kind === 'list' ? option.literal.items : [option.literal];
      const isLong = items.some((item) => item.kind === 'text' && Buffer.byteLength(item.value) > MAX.bytes);
      if (items.length > MAX.count || isLong) yield { from: option.from, to: option.to };
    }
  },
};
