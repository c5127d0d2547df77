import { systemClock } from '../../clock.ts';
import { parseDuration } from '../../config/index.ts';
import type { NewKeyInfo } from '../../keys/key-desk.ts';
import {
  ADMIN_KEY_OPTION,
  CONFIG_OPTIONS,
  type Command,
  EXIT,
  JSON_OPTION,
  numberOption,
  type Terminal,
  textOption,
  UsageError,
} from '../command.ts';
import { type KeySource, openKeySource } from '../keys/key-source.ts';
import { keyDetails, keyTable } from '../keys/key-table.ts';
import { type Phrase, phrase } from '../language.ts';

type Values = Readonly<Record<string, unknown>>;

const OPTIONS: Command['options'] = [
  {
    flags: '--url <address>',
    summary: {
      en: 'the gateway to change (default: the configured address if one answers there, else the database itself)',
      zh: '要操作的网关（默认：若配置的地址有网关应答则用它，否则直接操作数据库）',
    },
  },
  ADMIN_KEY_OPTION,
  JSON_OPTION,
  ...CONFIG_OPTIONS,
];

const RULES: Command['options'] = [
  {
    flags: '--models <names>',
    summary: {
      en: 'the models it may use, comma separated, `*` for anything',
      zh: '可用模型，逗号分隔，可用 `*` 通配',
    },
  },
  { flags: '--surfaces <ids>', summary: { en: 'the surfaces that may serve it', zh: '可用的接入面' } },
  { flags: '--route <name>', summary: { en: 'the route of its requests', zh: '请求所走的路由' } },
  { flags: '--rpm <number>', summary: { en: 'requests in a minute', zh: '每分钟请求数' } },
  { flags: '--tpm <number>', summary: { en: 'tokens in a minute', zh: '每分钟 token 数' } },
  { flags: '--concurrency <number>', summary: { en: 'requests at once', zh: '并发请求数' } },
  { flags: '--daily <amount>', summary: { en: 'what it may spend in a day', zh: '每日预算' } },
  { flags: '--monthly <amount>', summary: { en: 'what it may spend in a month', zh: '每月预算' } },
  { flags: '--currency <code>', summary: { en: 'USD or CNY (default: USD)', zh: '预算货币：USD 或 CNY（默认 USD）' } },
  {
    flags: '--unpriced <what>',
    summary: {
      en: 'calls without a known price: refuse (default) or free',
      zh: '价格未知的调用：refuse（默认）或 free',
    },
  },
  {
    flags: '--expires <when>',
    summary: { en: 'a day, a moment, or a span such as 30d', zh: '到期：日期、时刻，或 30d 这样的时长' },
  },
];

const NAMED: Phrase = {
  en: 'A key is named by its name, or by its id, as `moongate keys list` shows them.',
  zh: '用名称或 ID 指定密钥，见 `moongate keys list`。',
};
const ONCE: Phrase = {
  en: 'Keep it now: it is stored nowhere, and never shown again.',
  zh: '请立即保存：密钥不会被存储，也不会再次显示。',
};
const REVOKED: Phrase = { en: 'Revoked.', zh: '已吊销。' };
const FORGOTTEN: Phrase = { en: 'Revoked and forgotten.', zh: '已吊销并删除。' };

/** The commands under `moongate keys`. */
export const keys = {
  create: {
    args: '<name>',
    details: {
      en: 'Prints the key alone on standard output. From the first key on, every client needs one.',
      zh: '仅在标准输出打印密钥。一旦有了第一个密钥，所有客户端都需要密钥。',
    },
    options: [...RULES, ...OPTIONS],
    examples: [
      {
        line: "moongate keys create ci --models 'kimi-k2*' --rpm 30 --monthly 20",
        what: { en: 'for a build server', zh: '给构建服务器' },
      },
    ],
    run: (terminal, values, [name = '']) =>
      over(values, async (source) => tellKey(terminal, values, await source.create({ name, ...rulesOf(values) }))),
  },
  list: {
    options: OPTIONS,
    examples: [
      { line: 'moongate keys list', what: { en: 'what each may do, and has spent', zh: '各密钥的权限与花费' } },
    ],
    run: ({ stdout, language }, values) =>
      over(values, async (source) => {
        const all = await source.list();
        stdout.write(isJson(values) ? asJson(all) : keyTable(all, language));
      }),
  },
  show: {
    args: '<key>',
    details: NAMED,
    options: OPTIONS,
    examples: [{ line: 'moongate keys show ci', what: { en: 'one in full', zh: '查看单个密钥' } }],
    run: ({ stdout, language }, values, [ref = '']) =>
      over(values, async (source) => {
        const info = await source.show(ref);
        stdout.write(isJson(values) ? asJson(info) : keyDetails(info, language));
      }),
  },
  rotate: {
    args: '<key>',
    details: NAMED,
    options: [
      {
        flags: '--grace <span>',
        summary: { en: 'how long the old key still opens (default: 24h)', zh: '旧密钥继续有效的时长（默认 24h）' },
      },
      ...OPTIONS,
    ],
    examples: [
      { line: 'moongate keys rotate ci --grace 1h', what: { en: 'with an hour to change over', zh: '留一小时切换' } },
    ],
    run: (terminal, values, [ref = '']) =>
      over(values, async (source) => tellKey(terminal, values, await source.rotate(ref, graceOf(values)))),
  },
  revoke: {
    args: '<key>',
    details: NAMED,
    options: [
      {
        flags: '--forget',
        summary: { en: 'delete it as well, so that its name is free', zh: '同时删除，释放其名称' },
      },
      ...OPTIONS,
    ],
    examples: [{ line: 'moongate keys revoke ci', what: { en: 'at once, for good', zh: '立即永久吊销' } }],
    run: ({ stdout, language }, values, [ref = '']) =>
      over(values, async (source) => {
        const isForgotten = values['forget'] === true;
        if (isForgotten) await source.forget(ref);
        const info = isForgotten ? { name: ref, deleted: true } : await source.revoke(ref);
        stdout.write(isJson(values) ? asJson(info) : `${phrase(isForgotten ? FORGOTTEN : REVOKED, language)}\n`);
      }),
  },
} as const satisfies Readonly<Record<string, Command>>;

async function over(values: Values, work: (source: KeySource) => Promise<void>): Promise<number> {
  const source = await openKeySource(values);
  try {
    await work(source);
    return EXIT.ok;
  } finally {
    await source.close();
  }
}

/** The key alone goes to standard output, so that a script can take it. */
function tellKey({ stdout, stderr, language }: Terminal, values: Values, info: NewKeyInfo): void {
  stdout.write(isJson(values) ? asJson(info) : `${info.key}\n`);
  if (!isJson(values)) stderr.write(`${phrase(ONCE, language)}\n`);
}

const isJson = (values: Values) => values['json'] === true;
const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function rulesOf(values: Values): object {
  const names = (option: string) =>
    textOption(values, option)
      ?.split(',')
      .map((name) => name.trim())
      .filter(Boolean);
  const whole = (option: string) => {
    const text = textOption(values, option);
    return text === undefined ? undefined : numberOption(text, `--${option}`, { least: 1, most: 10_000_000_000 });
  };
  const [daily, monthly] = [textOption(values, 'daily'), textOption(values, 'monthly')];
  const budget = defined({
    daily,
    monthly,
    currency: textOption(values, 'currency'),
    unpriced: textOption(values, 'unpriced'),
  });
  if (daily === undefined && monthly === undefined && Object.keys(budget).length > 0) {
    throw new UsageError({
      en: '--currency and --unpriced belong to --daily or --monthly.',
      zh: '--currency 和 --unpriced 须与 --daily 或 --monthly 一起使用。',
    });
  }
  return defined({
    models: names('models'),
    surfaces: names('surfaces'),
    route: textOption(values, 'route'),
    rpm: whole('rpm'),
    tpm: whole('tpm'),
    concurrency: whole('concurrency'),
    budget: Object.keys(budget).length === 0 ? undefined : budget,
    expires: expiryOf(textOption(values, 'expires')),
  });
}

const DAY_MS = 86_400_000;

/** A span counts from now. */
function expiryOf(text: string | undefined): string | undefined {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(text ?? '') ?? [];
  if (count === undefined) return text;
  const ms = Number(count) * (unit === 'h' ? DAY_MS / 24 : unit === 'd' ? DAY_MS : 7 * DAY_MS);
  return new Date(systemClock.now() + ms).toISOString();
}

function graceOf(values: Values): number | undefined {
  const text = textOption(values, 'grace');
  const ms = text === undefined ? undefined : parseDuration(text);
  if (text !== undefined && ms === undefined) {
    throw new UsageError({
      en: `--grace takes a span such as 24h, at most 24 days, not "${text}".`,
      zh: `--grace 需要形如 24h 的时长，最多 24 天，而不是“${text}”。`,
    });
  }
  return ms;
}

function defined(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
