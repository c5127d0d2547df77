import { phrase } from '../../language.ts';
import { table } from '../../table.ts';
import type { Sums } from '../totals.ts';
import type { SlashCommand } from './slash-command.ts';

const SIGNS = { USD: '$', CNY: '¥' } as const;

export const usage: SlashCommand = {
  name: 'usage',
  summary: { en: 'what this chat has used so far, by list prices', zh: '本次聊天的用量（按标价估算费用）' },
  run({ session, say, language }) {
    const sums = session.totals.list();
    if (sums.length === 0) {
      say({ en: 'Nothing was used yet.', zh: '还没有用量。' });
      return;
    }
    const head = [
      { en: 'MODEL', zh: '模型' },
      'SURFACE',
      { en: 'ANSWERS', zh: '回答' },
      { en: 'TOKENS IN', zh: '输入 TOKENS' },
      { en: 'CACHED', zh: '缓存' },
      { en: 'OUT', zh: '输出' },
      { en: 'COST', zh: '费用' },
    ].map((title) => phrase(title, language));
    say(table(head, sums.map(rowOf)).trimEnd());
  },
};

function rowOf({ model, surface, requests, input, cached, output, costNano, currency }: Sums): readonly string[] {
  const cost =
    costNano === undefined || currency === undefined ? '?' : `${SIGNS[currency]}${(costNano / 1e9).toFixed(4)}`;
  return [model, surface, ...[requests, input, cached, output].map(String), cost];
}
