import { headings } from '../columns.ts';
import { spanOf } from '../credentials/credential-table.ts';
import { type Language, type Phrase, phrase } from '../language.ts';
import { plainText } from '../plain-text.ts';
import { table } from '../table.ts';
import type { AccountQuota } from './quota-rows.ts';

const SYMBOLS = { CNY: '¥', USD: '$' } as const;
const BAR = 10;

/** A line for each thing that can run out; accounts that tell nothing have one that says so. */
export function quotaTable(accounts: readonly AccountQuota[], now: number, language: Language): string {
  if (accounts.length === 0) return `${phrase({ en: 'There is no credential.', zh: '没有凭据。' }, language)}\n`;
  const rows = accounts.flatMap((account) => {
    const lines = linesOf(account, now, language);
    return lines.map((line, at) => [at === 0 ? nameOf(account) : '', at === 0 ? account.surface : '', ...line]);
  });
  return table(headings(['CREDENTIALS', 'SURFACE', 'WHAT', 'LEFT', 'OF', '', 'BEGINS ANEW'], language), rows);
}

const nameOf = ({ credentials }: AccountQuota): string => plainText(credentials.join(', '));

type Line = readonly [what: string, left: string, of: string, bar: string, anew: string];

function linesOf(account: AccountQuota, now: number, language: Language): readonly Line[] {
  const say = (words: Phrase) => phrase(words, language);
  const { windows, balance, rates, rests_until: until, because, problem } = account;
  const inSpan = (at: number | null) =>
    at === null ? '' : say({ en: `in ${spanOf(at - now)}`, zh: `${spanOf(at - now)} 后` });
  const lines: Line[] = windows.map(({ name, left, limit, resets_at: at }) => [
    name,
    String(left),
    String(limit),
    barOf(left, limit),
    inSpan(at),
  ]);
  if (balance)
    lines.push([
      say({ en: 'balance', zh: '余额' }),
      `${SYMBOLS[balance.currency]}${balance.available}`,
      '',
      '',
      parts(balance, say),
    ]);
  for (const { measure, left, limit } of rates)
    lines.push([measure, String(left), String(limit), barOf(left, limit), '']);
  if (because !== null)
    lines.push([
      say({ en: 'rests', zh: '休息' }),
      `(${because})`,
      '',
      '',
      until === null ? say({ en: 'when you act', zh: '需人工处理' }) : inSpan(until),
    ]);
  if (problem !== null) lines.push([say({ en: 'not read', zh: '读取失败' }), plainText(problem), '', '', '']);
  return lines.length > 0 ? lines : [[say({ en: 'it does not tell', zh: '不提供' }), '', '', '', '']];
}

function parts({ voucher, cash }: NonNullable<AccountQuota['balance']>, say: (words: Phrase) => string): string {
  if (voucher === undefined || cash === undefined || voucher === 0) return '';
  return say({ en: `(cash ${cash}, voucher ${voucher})`, zh: `（现金 ${cash}，代金券 ${voucher}）` });
}

function barOf(left: number, limit: number): string {
  const full = limit > 0 ? Math.round((Math.min(left, limit) / limit) * BAR) : 0;
  return `${'#'.repeat(full)}${'.'.repeat(BAR - full)}`;
}
