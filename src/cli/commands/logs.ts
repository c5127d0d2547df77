import { loadConfig } from '../../config/index.ts';
import { prettyLine } from '../../log-pretty.ts';
import { failureOf } from '../chat/refusal.ts';
import {
  ADMIN_KEY_OPTION,
  CONFIG_OPTIONS,
  type Command,
  EXIT,
  Failure,
  notOneOf,
  numberOption,
  type Terminal,
  textOption,
  UsageError,
} from '../command.ts';
import { type Endpoint, openEndpoint } from '../endpoint.ts';
import { addressOf, healthAt } from '../gateway-health.ts';
import { plainText } from '../plain-text.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'];

type Values = Readonly<Record<string, unknown>>;

export const logs: Command = {
  details: {
    en: [
      'Asks a running gateway for the last lines of its log, of which it keeps 1 MiB in memory (GET /admin/logs, with the admin',
      'key). The lines have neither bodies nor secrets. What is older is where the service manager puts standard error:',
      '`journalctl --user -u moongate` with systemd.',
    ].join('\n'),
    zh: [
      '向运行中的网关获取最近的日志，网关在内存中保留 1 MiB（GET /admin/logs，使用管理密钥）。',
      '日志中没有请求内容和密钥。更早的日志在服务管理器保存标准错误的地方，例如 systemd：',
      '`journalctl --user -u moongate`。',
    ].join('\n'),
  },
  options: [
    {
      flags: '-f, --follow',
      summary: { en: 'go on with what comes, until Ctrl-C', zh: '持续输出新日志，Ctrl-C 结束' },
    },
    {
      flags: '-n, --lines <number>',
      summary: { en: 'so many of the last lines (default: 50)', zh: '最近的行数（默认：50）' },
    },
    {
      flags: '--level <level>',
      summary: {
        en: 'debug, info, warn or error, and what is worse',
        zh: '只看该级别及更严重的：debug、info、warn、error',
      },
    },
    {
      flags: '--json',
      summary: { en: 'print the lines as they are: one JSON object each', zh: '原样输出，每行一个 JSON 对象' },
    },
    {
      flags: '--url <address>',
      summary: { en: 'the gateway to ask (default: the configured address)', zh: '要查询的网关（默认：配置的地址）' },
    },
    ADMIN_KEY_OPTION,
    {
      flags: '--key <key>',
      summary: { en: 'the inbound key, where there are keys', zh: '入站密钥（网关配置了密钥时）' },
    },
    ...CONFIG_OPTIONS,
  ],
  examples: [
    { line: 'moongate logs -f', what: { en: 'what the gateway does, as it does it', zh: '实时查看网关日志' } },
    {
      line: 'moongate logs -n 1000 --level warn --json | jq .why',
      what: { en: 'why requests failed', zh: '查看请求失败的原因' },
    },
  ],
  async run(terminal, values) {
    const lines = numberOption(textOption(values, 'lines') ?? '50', '--lines', { least: 0, most: 10_000 });
    const show = lineShower(terminal, values);
    const endpoint = await openRunning(values);
    const left = new AbortController();
    const leave = () => left.abort();
    process.once('SIGINT', leave);
    try {
      const follow = values['follow'] === true;
      const key = textOption(values, 'adminKey') ?? endpoint.config?.admin_key?.reveal();
      const response = await endpoint.call(`/admin/logs?lines=${lines}&follow=${follow}`, {
        headers: key === undefined ? {} : { 'x-admin-key': key },
        signal: left.signal,
      });
      if (!response.ok) throw await failureOf(response);
      for await (const line of linesOf(response)) show(line);
      return EXIT.ok;
    } catch (thrown) {
      if (left.signal.aborted) return EXIT.ok;
      throw thrown;
    } finally {
      process.off('SIGINT', leave);
      await endpoint.close();
    }
  },
};

/** A gateway of this process has only just begun: its log would be empty. */
async function openRunning(values: Values): Promise<Endpoint> {
  if (textOption(values, 'url') !== undefined) return openEndpoint(values);
  const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
  const address = addressOf(config);
  if ((await healthAt(address)) === undefined) {
    throw new Failure(
      { en: `No gateway runs at ${address}.`, zh: `${address} 上没有运行网关。` },
      {
        hint: {
          en: 'Start it with `moongate serve`, or name another one with --url.',
          zh: '用 `moongate serve` 启动，或用 --url 指定其他网关。',
        },
      },
    );
  }
  return openEndpoint(values);
}

function lineShower({ stdout }: Terminal, values: Values): (line: string) => void {
  const level = textOption(values, 'level') ?? 'debug';
  if (!LEVELS.includes(level)) {
    throw new UsageError(notOneOf('--level', LEVELS, level));
  }
  const isJson = values['json'] === true;
  return (line) => {
    const fields = parsed(line);
    if (fields === undefined || LEVELS.indexOf(String(fields['level'])) < LEVELS.indexOf(level)) return;
    stdout.write(isJson ? `${line}\n` : prettyLine(JSON.stringify(fields)));
  };
}

/** Texts come from clients, too: nothing in them may reach the terminal's controls. */
function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line, (_name, value: unknown) => (typeof value === 'string' ? plainText(value) : value));
  } catch {
    return undefined; // the empty line that keeps the connection alive
  }
}

async function* linesOf({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
}
