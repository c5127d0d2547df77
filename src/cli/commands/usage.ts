import { systemClock } from '../../clock.ts';
import type { UsageReport } from '../../ledger/usage-report.ts';
import { CONFIG_OPTIONS, type Command, EXIT, excluding, JSON_OPTION, textOption, UsageError } from '../command.ts';
import { phrase } from '../language.ts';
import { whileWaiting } from '../progress.ts';
import { openUsageSource, type UsageSource } from '../usage/usage-source.ts';
import { SPANS, type Trend, usageTable } from '../usage/usage-table.ts';

const FILTERS = ['model', 'key-name', 'surface'] as const;
/** Up to this length the trend is by the hour. */
const HOURLY_MS = 2 * SPANS.day;

export const usage: Command = {
  details: {
    en: [
      'Reads the ledger in the database, whether or not a gateway runs; with --url it asks a gateway, which needs the admin',
      'key. Costs are by `prices` of the surface or the list prices of docs/models.md at the time of each call; "?" means',
      'that a price is not known, as with the subscription. FIRST BYTE is the mean time until the client got something.',
    ].join('\n'),
    zh: [
      '直接读取数据库中的账本，无论网关是否运行；使用 --url 则向网关查询，需要管理密钥。',
      '费用按每次调用时接入面的 `prices` 或 docs/models.md 中的标价计算；“?” 表示价格未知（例如订阅）。',
      '“首字节”是客户端收到第一个字节的平均时间。',
    ].join('\n'),
  },
  options: [
    {
      flags: '--since <time>',
      summary: {
        en: '30m, 24h, 7d ago, or a day such as 2026-11-01 (default: 7d)',
        zh: '如 30m、24h、7d 前，或日期 2026-11-01（默认：7d）',
      },
    },
    {
      flags: '--until <time>',
      summary: { en: 'the end, in the same form (default: now)', zh: '结束时间，格式相同（默认：现在）' },
    },
    {
      flags: '--by <names>',
      summary: {
        en: 'model, asked, key, surface, credential, protocol, status, error, hour, day; several with commas (default: model)',
        zh: '按 model、asked、key、surface、credential、protocol、status、error、hour、day 分组，多个用逗号分隔（默认：model）',
      },
    },
    { flags: '--model <name>', summary: { en: 'only this model', zh: '只看该模型' } },
    { flags: '--key-name <name>', summary: { en: 'only this inbound key', zh: '只看该入站密钥' } },
    { flags: '--surface <id>', summary: { en: 'only this surface', zh: '只看该接入面' } },
    {
      flags: '--calls',
      summary: {
        en: 'the calls themselves instead of sums: JSON lines, or CSV with --csv',
        zh: '输出每次调用而非汇总：JSON 行，或配合 --csv 输出 CSV',
      },
    },
    { flags: '--csv', summary: { en: 'print CSV', zh: '输出 CSV' } },
    JSON_OPTION,
    {
      flags: '--url <address>',
      summary: { en: 'ask this gateway instead of the database', zh: '向该网关查询，而不是读取数据库' },
    },
    { flags: '--key <key>', summary: { en: 'the admin key, with --url', zh: '管理密钥，与 --url 一起使用' } },
    ...CONFIG_OPTIONS,
  ],
  examples: [
    { line: 'moongate usage --since 24h --by key,model', what: { en: 'who used what today', zh: '今天谁用了什么' } },
    {
      line: 'moongate usage --since 2026-11-01 --by day --csv > november.csv',
      what: { en: 'a month for a spreadsheet', zh: '导出一个月供表格使用' },
    },
  ],
  async run(terminal, values) {
    const { stdout, language } = terminal;
    const query = toQuery(values);
    const source = await openUsageSource(values);
    try {
      const csv = values['csv'] === true;
      if (values['calls'] === true) {
        for await (const text of source.calls(query, csv ? 'csv' : 'json')) stdout.write(text);
      } else if (csv) stdout.write(await source.reportCsv(query));
      else if (values['json'] === true) stdout.write(`${JSON.stringify(await source.report(query), null, 2)}\n`);
      else {
        const [report, trend] = await whileWaiting(terminal, READING, async () => {
          const sums = await source.report(query);
          return [sums, sums.rows.length === 0 ? undefined : await trendOf(sums, query, source)] as const;
        });
        stdout.write(report.rows.length === 0 ? `${phrase(NOTHING, language)}\n` : usageTable(report, trend, language));
      }
      return EXIT.ok;
    } finally {
      await source.close();
    }
  },
};

const READING = { en: 'reading the ledger…', zh: '正在读取账本…' };
const NOTHING = { en: 'No calls in this time.', zh: '这段时间内没有调用。' };

function toQuery(values: Readonly<Record<string, unknown>>): URLSearchParams {
  if (values['csv'] === true && values['json'] === true) throw new UsageError(excluding('--csv', '--json'));
  const query = new URLSearchParams({ utc_offset: String(-new Date(systemClock.now()).getTimezoneOffset()) });
  for (const name of ['since', 'until', 'by']) {
    const text = textOption(values, name);
    if (text !== undefined) query.set(name, text);
  }
  for (const name of FILTERS) {
    const text = textOption(values, name === 'key-name' ? 'keyName' : name);
    if (text !== undefined) query.set(name === 'key-name' ? 'key' : name, text);
  }
  return query;
}

/** Only where the rows are not times themselves. */
async function trendOf(
  { by, since, until }: UsageReport,
  query: URLSearchParams,
  source: UsageSource,
): Promise<Trend | undefined> {
  if (by.includes('day') || by.includes('hour') || by.length > 3) return undefined;
  const span = Date.parse(until) - Date.parse(since) <= HOURLY_MS ? 'hour' : 'day';
  const finer = new URLSearchParams(query);
  finer.set('by', [...by, span].join(','));
  finer.set('since', since);
  finer.set('until', until);
  return { report: await source.report(finer), span, utcOffsetMinutes: Number(query.get('utc_offset')) };
}
