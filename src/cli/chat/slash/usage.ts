import { headings } from '../../columns.ts';
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
    const head = headings(['MODEL', 'SURFACE', 'ANSWERS', 'TOKENS IN', 'CACHED', 'OUT', 'COST'], language);
    say(table(head, sums.map(rowOf)).trimEnd());
  },
};

function rowOf({ model, surface, requests, input, cached, output, costNano, currency }: Sums): readonly string[] {
  const cost =
    costNano === undefined || currency === undefined ? '?' : `${SIGNS[currency]}${(costNano / 1e9).toFixed(4)}`;
  return [model, surface, ...[requests, input, cached, output].map(String), cost];
}
