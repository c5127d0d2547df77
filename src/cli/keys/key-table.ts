import type { KeyInfo } from '../../keys/key-info.ts';
import type { KeyDetails } from '../../keys/key-view.ts';
import { headings } from '../columns.ts';
import { type Language, type Phrase, phrase } from '../language.ts';
import { plainText } from '../plain-text.ts';
import { table } from '../table.ts';

const STATES: Readonly<Record<KeyInfo['state'], Phrase>> = {
  active: { en: 'active', zh: '有效' },
  expired: { en: 'expired', zh: '已过期' },
  revoked: { en: 'revoked', zh: '已吊销' },
};

/** One line for each key: whose it is, whether it opens, and what it may do. */
export function keyTable(all: readonly KeyInfo[], language: Language): string {
  if (all.length === 0) return `${phrase({ en: 'There are no keys.', zh: '没有密钥。' }, language)}\n`;
  return table(
    headings(['NAME', 'KEY', 'SOURCE', 'STATE', 'MAY USE', 'LIMITS', 'EXPIRES'], language),
    all.map((info) => [
      plainText(info.name),
      info.key,
      info.source,
      phrase(STATES[info.state], language),
      [info.route === null ? '' : `${phrase(ROUTE, language)} ${info.route}`, list(info.models), list(info.surfaces)]
        .filter(Boolean)
        .join('; '),
      limitsOf(info, (words) => phrase(words, language)),
      info.expires_at?.slice(0, 10) ?? '',
    ]),
  );
}

/** All that is known of one. */
export function keyDetails(info: KeyDetails, language: Language): string {
  const lines = info.limits.map(
    ({ of, limit, remaining }) =>
      `${phrase(MEASURES[of], language)}: ${phrase(LEFT, language)} ${remaining} / ${limit}\n`,
  );
  const { budget, spent, previous } = info;
  const money = (sum: number) => `${Number(sum.toFixed(4))} ${spent?.currency ?? ''}`;
  if (spent && budget) {
    lines.push(
      `${phrase(TODAY, language)}: ${money(spent.daily)}${budget.daily === undefined ? '' : ` / ${budget.daily}`}\n`,
    );
    lines.push(
      `${phrase(MONTH, language)}: ${money(spent.monthly)}${budget.monthly === undefined ? '' : ` / ${budget.monthly}`}\n`,
    );
  }
  if (previous) lines.push(`${previous.key}: ${phrase(UNTIL, language)} ${previous.until}\n`);
  return keyTable([info], language) + lines.join('');
}

const ROUTE: Phrase = { en: 'route', zh: '路由' };
const MEASURES = {
  requests: { en: 'requests', zh: '请求' },
  tokens: { en: 'tokens', zh: 'token' },
} as const;
const LEFT: Phrase = { en: 'left in this minute', zh: '本分钟剩余' };
const TODAY: Phrase = { en: 'spent today', zh: '今日花费' };
const MONTH: Phrase = { en: 'spent this month', zh: '本月花费' };
const UNTIL: Phrase = { en: 'opens until', zh: '有效至' };

const list = (names: readonly string[] | null) => names?.map(plainText).join(', ') ?? '';

function limitsOf({ rpm, tpm, concurrency, budget }: KeyInfo, say: (words: Phrase) => string): string {
  const money = (sum: number | undefined, span: string) =>
    sum === undefined ? '' : `${sum} ${budget?.currency}/${span}`;
  return [
    rpm === null ? '' : `${rpm} rpm`,
    tpm === null ? '' : `${tpm} tpm`,
    concurrency === null ? '' : say({ en: `${concurrency} at once`, zh: `并发 ${concurrency}` }),
    money(budget?.daily, say({ en: 'day', zh: '日' })),
    money(budget?.monthly, say({ en: 'month', zh: '月' })),
  ]
    .filter(Boolean)
    .join(', ');
}
