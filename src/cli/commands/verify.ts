import { headings } from '../columns.ts';
import {
  type Command,
  ENDPOINT_OPTIONS,
  EXIT,
  Failure,
  notOneOf,
  numberOption,
  type Terminal,
  textOption,
  UsageError,
} from '../command.ts';
import { type Endpoint, informedSoon, openEndpoint } from '../endpoint.ts';
import { phrase } from '../language.ts';
import { progressOf } from '../progress.ts';
import { table } from '../table.ts';
import { VERIFY_CHECKS } from '../verify/checks/index.ts';
import { chooseModel } from '../verify/choose-model.ts';
import { htmlReport } from '../verify/report/html.ts';
import { jsonReport } from '../verify/report/json.ts';
import { textReport } from '../verify/report/text.ts';
import { costOf, runChecks, tally, type VerifyReport } from '../verify/run-checks.ts';
import { GROUPS, type VerifyCheck } from '../verify/verify-check.ts';

const FORMATS = ['text', 'json', 'html'] as const;
type Format = (typeof FORMATS)[number];
const DEFAULT_TIMEOUT = '120';
/** A key that nobody issues. */
const NOBODY = 'sk-moongate-verify-nobody';

export const verify: Command = {
  args: '[url]',
  details: {
    en: [
      'Sends small requests, one after the other, and looks whether the answers are what clients of OpenAI, and of Anthropic and',
      'Responses where the endpoint has them, count on. Without an address it is the gateway of this place; with one it may be any',
      'endpoint that claims to be Kimi. What Kimi itself is known to do differently is marked `~`, and counts only where a',
      'gateway answers. Exit code 0: nothing differs; 1: something does, or the endpoint cannot be reached. docs/verify.md.',
    ].join('\n'),
    zh: [
      '逐个发送小请求，检查回答是否符合 OpenAI 客户端的预期；若端点提供 Anthropic 与 Responses 接口，也一并检查。',
      '不带地址时检查本地网关；带地址时可检查任何自称 Kimi 的端点。Kimi 的已知差异标为 ~，仅在由网关作答时计为不符。',
      '退出码 0：没有不符；1：有不符，或端点无法访问。详见 docs/verify.zh-CN.md。',
    ].join('\n'),
  },
  options: [
    {
      flags: '--model <name>',
      summary: {
        en: 'the model to ask (default: the best known one of its list)',
        zh: '要使用的模型（默认：列表中最合适的）',
      },
    },
    {
      flags: '--only <names>',
      summary: { en: 'only these checks or groups, separated by commas', zh: '只运行这些检查或分组，用逗号分隔' },
    },
    {
      flags: '--heavy',
      summary: { en: 'also the check that sends a prompt beyond the context window', zh: '也运行发送超长提示的检查' },
    },
    { flags: '--list', summary: { en: 'list the checks and what they cost', zh: '列出检查项及其请求数' } },
    {
      flags: '--format <text|json|html>',
      summary: { en: 'how to report (default: text)', zh: '报告格式（默认：text）' },
    },
    {
      flags: '--timeout <seconds>',
      summary: {
        en: `how long one answer may take (default: ${DEFAULT_TIMEOUT})`,
        zh: `每个回答的时限（默认：${DEFAULT_TIMEOUT} 秒）`,
      },
    },
    ...ENDPOINT_OPTIONS,
  ],
  examples: [
    { line: 'moongate verify', what: { en: 'the gateway of this place', zh: '本地网关' } },
    {
      line: 'moongate verify https://api.moonshot.cn/v1 --key "$MOONSHOT_API_KEY"',
      what: { en: 'the vendor itself: what clients have to know about it', zh: '官方接口：客户端需要了解哪些差异' },
    },
    {
      line: 'moongate verify --demo --format html > report.html',
      what: { en: 'as a page, without an account', zh: '生成网页报告，无需账号' },
    },
  ],
  async run(terminal, values, [address]) {
    const checks = checksFor(textOption(values, 'only'), values['heavy'] === true);
    if (values['list'] === true) {
      terminal.stdout.write(listOf(checks, terminal));
      return EXIT.ok;
    }
    const format = formatOf(textOption(values, 'format') ?? 'text');
    if (address !== undefined && textOption(values, 'url') !== undefined)
      throw new UsageError({ en: 'Give the address once.', zh: '地址只需给出一次。' });
    // What is tested does not depend on who reads the report.
    const all = { ...values, lang: 'en', ...(address === undefined ? {} : { url: address }) };
    const endpoint = await openEndpoint(all);
    const stranger = await strangerTo(all);
    try {
      const report = await verified({ endpoint, stranger, checks, terminal, values });
      if (report === undefined) return EXIT.failed;
      terminal.stdout.write(rendered(report, format, terminal));
      return tally(report).differs > 0 ? EXIT.failed : EXIT.ok;
    } finally {
      await stranger?.close();
      await endpoint.close();
    }
  },
};

interface Run {
  readonly endpoint: Endpoint;
  readonly stranger: Endpoint | undefined;
  readonly checks: readonly VerifyCheck[];
  readonly terminal: Terminal;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Undefined if Ctrl-C ended it. */
async function verified({ endpoint, stranger, checks, terminal, values }: Run): Promise<VerifyReport | undefined> {
  const seconds = numberOption(textOption(values, 'timeout') ?? DEFAULT_TIMEOUT, '--timeout', {
    least: 1,
    most: 3_600,
  });
  await informedSoon(endpoint);
  const chosen = await chooseModel(endpoint, textOption(values, 'model'), seconds * 1_000);
  const abort = new AbortController();
  const stop = () => abort.abort(new Error('stopped'));
  process.once('SIGINT', stop);
  const progress = progressOf(terminal);
  const say = (en: string, zh: string) => phrase({ en, zh }, terminal.language);
  const cost = costOf(checks);
  const label = phrase(endpoint.label, terminal.language);
  terminal.stderr.write(
    `${say(`${cost} small requests to ${label}, model ${chosen.model}.`, `将向 ${label} 发送 ${cost} 个小请求，模型 ${chosen.model}。`)}\n`,
  );
  try {
    const onCheck = ({ id }: VerifyCheck, index: number) => progress.show(`${index + 1}/${checks.length} ${id}`);
    return await runChecks({
      endpoint,
      ...chosen,
      stranger,
      checks,
      timeoutMs: seconds * 1_000,
      signal: abort.signal,
      onCheck,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'TimeoutError') {
      throw new Failure(
        {
          en: `${phrase(endpoint.label, 'en')} gave no answer within ${seconds} s.`,
          zh: `${phrase(endpoint.label, 'zh')} 在 ${seconds} 秒内没有回答。`,
        },
        { code: 'first_byte_timeout', cause },
      );
    }
    if (!abort.signal.aborted) throw cause;
    terminal.stderr.write(`${say('Stopped.', '已停止。')}\n`);
    return undefined;
  } finally {
    progress.end();
    process.off('SIGINT', stop);
  }
}

/** Only where a key was given does a wrong one prove anything. */
async function strangerTo(values: Readonly<Record<string, unknown>>): Promise<Endpoint | undefined> {
  if (textOption(values, 'url') === undefined || textOption(values, 'key') === undefined) return undefined;
  return openEndpoint({ ...values, key: NOBODY });
}

function rendered(report: VerifyReport, format: Format, terminal: Terminal): string {
  if (format === 'json') return jsonReport(report);
  return format === 'html' ? htmlReport(report, terminal.language) : textReport(report, terminal);
}

function formatOf(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new UsageError(notOneOf('--format', FORMATS, text));
  return format;
}

function checksFor(only: string | undefined, isHeavy: boolean): readonly VerifyCheck[] {
  if (only === undefined) return VERIFY_CHECKS.filter((check) => isHeavy || check.isHeavy !== true);
  const names = only.split(',').map((name) => name.trim());
  for (const name of names) {
    const isKnown = VERIFY_CHECKS.some(({ id }) => id === name) || GROUPS.some((group) => group === name);
    if (isKnown) continue;
    throw new UsageError({
      en: `--only: there is no check or group "${name}"; --list shows them.`,
      zh: `--only：没有名为“${name}”的检查或分组；用 --list 查看。`,
    });
  }
  return VERIFY_CHECKS.filter(({ id, group }) => names.includes(id) || names.includes(group));
}

function listOf(checks: readonly VerifyCheck[], { language }: Terminal): string {
  const rows = checks.map(({ id, group, kind, requests, title }) => [
    id,
    group,
    kind,
    String(requests ?? 0),
    phrase(title, language),
  ]);
  const cost = costOf(checks);
  const all = {
    en: `${cost} requests with those that several checks share.`,
    zh: `连同多项检查共用的请求，共 ${cost} 个。`,
  };
  return `${table(headings(['CHECK', 'GROUP', 'KIND', 'REQUESTS', 'WHAT'], language), rows)}\n${phrase(all, language)}\n`;
}
