import type { CredentialInfo } from '../../index.ts';
import { failureOf } from '../chat/refusal.ts';
import {
  ADMIN_KEY_OPTION,
  type Command,
  ENDPOINT_OPTIONS,
  EXIT,
  type Example,
  JSON_OPTION,
  type Terminal,
  textOption,
} from '../command.ts';
import { credentialTable } from '../credentials/credential-table.ts';
import { readSecret } from '../credentials/read-secret.ts';
import { type Endpoint, openEndpoint } from '../endpoint.ts';
import { type Phrase, phrase } from '../language.ts';
import { whileWaiting } from '../progress.ts';

type Values = Readonly<Record<string, unknown>>;

const OPTIONS: Command['options'] = [ADMIN_KEY_OPTION, JSON_OPTION, ...ENDPOINT_OPTIONS];

const NAMED: Phrase = {
  en: 'A credential is named by its name, or by its id with the mask, as `moongate credentials list` shows them.',
  zh: '用名称或带掩码的 ID 指定凭据，见 `moongate credentials list`。',
};

const ADD_OPTIONS: Command['options'] = [
  {
    flags: '--name <name>',
    summary: { en: 'what it is called (default: the surface and a number)', zh: '名称（默认：接入面加序号）' },
  },
  {
    flags: '--account <account>',
    summary: { en: 'the account behind it, whose limits it shares', zh: '所属账号（共享限额）' },
  },
  { flags: '--weight <number>', summary: { en: 'its share of the requests (default: 1)', zh: '权重（默认 1）' } },
  {
    flags: '--user-agent-version <version>',
    summary: {
      en: 'kimi-code: call as KimiCLI/<version>; the vendor forbids it',
      zh: 'kimi-code：以 KimiCLI/<版本> 调用（厂商禁止）',
    },
  },
];

/** The commands under `moongate credentials`. */
export const credentials = {
  list: {
    options: OPTIONS,
    examples: [{ line: 'moongate credentials list', what: { en: 'who serves and who rests', zh: '查看凭据状态' } }],
    run: (terminal, values) =>
      over(values, async (endpoint, headers) => {
        const { data } = (await ask(terminal, endpoint, '', { headers })) as { data: readonly CredentialInfo[] };
        const text = values['json'] === true ? asJson(data) : credentialTable(data, Date.now(), terminal.language);
        terminal.stdout.write(text);
      }),
  },
  add: {
    args: '<surface>',
    details: {
      en: 'The secret is read from standard input, so that it stands in no list of processes and in no history of a shell. It is stored encrypted under `data`.',
      zh: '密钥从标准输入读取，不会出现在进程列表或 shell 历史中；加密保存在 `data` 目录。',
    },
    options: [...ADD_OPTIONS, ...OPTIONS],
    examples: [
      {
        line: 'moongate credentials add kimi-code --name spare < key.txt',
        what: { en: 'from a file', zh: '从文件读取' },
      },
    ],
    run: (terminal, values, [surface = '']) =>
      over(values, async (endpoint, headers) => {
        const settings = {
          surface,
          key: await readSecret(terminal),
          ...optional('name', textOption(values, 'name')),
          ...optional('account', textOption(values, 'account')),
          ...optional('weight', textOption(values, 'weight')),
          ...optional('user_agent_version', textOption(values, 'userAgentVersion')),
        };
        const init = { method: 'POST', headers, body: JSON.stringify(settings) };
        tell(terminal, values, (await ask(terminal, endpoint, '', init)) as CredentialInfo & { note: string | null });
      }),
  },
  remove: changing('DELETE', '', [
    { line: 'moongate credentials remove spare', what: { en: 'take it out', zh: '移除' } },
  ]),
  enable: changing('POST', '/enable', [
    { line: 'moongate credentials enable spare', what: { en: 'let it serve again', zh: '重新启用' } },
  ]),
  disable: changing('POST', '/disable', [
    { line: 'moongate credentials disable spare', what: { en: 'keep it, and let it serve no more', zh: '保留但停用' } },
  ]),
  test: changing('POST', '/test', [
    { line: 'moongate credentials test spare', what: { en: 'does it work', zh: '测试是否可用' } },
  ]),
  clear: changing('POST', '/clear', [
    { line: 'moongate credentials clear spare', what: { en: 'end its rests now', zh: '立即结束休息' } },
  ]),
} as const satisfies Readonly<Record<string, Command>>;

function changing(method: 'POST' | 'DELETE', action: string, examples: readonly Example[] = []): Command {
  return {
    args: '<credential>',
    details: NAMED,
    options: OPTIONS,
    examples,
    run: (terminal, values, [ref = '']) =>
      over(values, async (endpoint, headers) => {
        const answer = await ask(terminal, endpoint, `/${encodeURIComponent(ref)}${action}`, { method, headers });
        tell(terminal, values, answer as CredentialInfo & { note?: string | null });
      }),
  };
}

async function over(
  values: Values,
  work: (endpoint: Endpoint, headers: Record<string, string>) => Promise<void>,
): Promise<number> {
  const endpoint = await openEndpoint(values);
  try {
    const key = textOption(values, 'adminKey') ?? endpoint.config?.admin_key?.reveal();
    await work(endpoint, key === undefined ? {} : { 'x-admin-key': key });
    return EXIT.ok;
  } finally {
    await endpoint.close();
  }
}

const ASKING = { en: 'asking the gateway…', zh: '正在询问网关…' };

async function ask(terminal: Terminal, endpoint: Endpoint, path: string, init: RequestInit): Promise<unknown> {
  const call = () => endpoint.call(`/admin/credentials${path}`, init);
  const response = await whileWaiting(terminal, ASKING, call);
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

function tell(
  { stdout, language }: Terminal,
  values: Values,
  answer: CredentialInfo & { readonly note?: string | null },
): void {
  if (values['json'] === true) {
    stdout.write(asJson(answer));
    return;
  }
  stdout.write(
    'state' in answer
      ? credentialTable([answer], Date.now(), language)
      : `${phrase({ en: 'Removed.', zh: '已移除。' }, language)}\n`,
  );
  if (answer.note) stdout.write(`${answer.note}\n`);
}

const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

function optional(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
