import { nearest } from '../../models/nearest.ts';
import { headings } from '../columns.ts';
import { type Command, EXIT, type Terminal, UsageError } from '../command.ts';
import { phrase } from '../language.ts';
import { CLIENTS } from '../setup/clients/index.ts';
import { pathOf } from '../setup/place.ts';
import { runSetup, runUndo } from '../setup/run-setup.ts';
import { table } from '../table.ts';

type Values = Readonly<Record<string, unknown>>;

export const setup: Command = {
  args: '[client]',
  words: CLIENTS.map(({ id, title }) => ({ name: id, summary: title })),
  details: {
    en: [
      'Without a client it lists them. With one it merges what the client needs into its own configuration file: comments,',
      'order and everything else stay, the change is shown before it is made, and a copy of what was there is kept in',
      '~/.moongate/setup. A second run changes nothing. Clients without such a file get text to copy. A file that cannot be',
      'read, or not be changed safely, is left alone.',
    ].join('\n'),
    zh: [
      '不带参数时列出所有客户端。指定客户端时，把它需要的内容合并进它自己的配置文件：注释、顺序和其余内容保持不变，改动先显示',
      '再写入，原内容的副本保存在 ~/.moongate/setup。重复运行不会再有改动。没有配置文件的客户端会得到可复制的文本。',
      '读不懂或无法安全修改的文件不会被动。',
    ].join('\n'),
  },
  options: [
    { flags: '--print', summary: { en: 'print it and write nothing', zh: '只打印，不写入' } },
    { flags: '--yes', summary: { en: 'write without asking', zh: '不询问，直接写入' } },
    { flags: '--undo', summary: { en: 'put back what was there before', zh: '恢复原来的内容' } },
    {
      flags: '--force',
      summary: { en: 'with --undo: also if the file has changed since', zh: '与 --undo 合用：文件后来被改动过也恢复' },
    },
    {
      flags: '--model <name>',
      summary: { en: 'the model to ask for (default: the one in the list)', zh: '使用的模型（默认见列表）' },
    },
    {
      flags: '--url <address>',
      summary: {
        en: 'the gateway (default: where moongate.yaml says it listens)',
        zh: '网关地址（默认：moongate.yaml 中的监听地址）',
      },
    },
    {
      flags: '--key <key>',
      summary: {
        en: 'what the client sends as its key (default: the first of `keys`)',
        zh: '客户端发送的密钥（默认：`keys` 的第一个）',
      },
    },
    {
      flags: '--file <file>',
      summary: { en: "the client's file, where it lies elsewhere", zh: '客户端配置文件的位置（若不在默认处）' },
    },
    {
      flags: '--home <dir>',
      summary: { en: 'instead of your home folder, to try it out', zh: '代替主目录，用于试验' },
    },
    { flags: '--config <file>', summary: { en: 'configuration file of the gateway', zh: '网关的配置文件' } },
    { flags: '--json', summary: { en: 'the list as JSON', zh: '以 JSON 输出列表' } },
  ],
  examples: [
    { line: 'moongate setup', what: { en: 'which clients there are', zh: '有哪些客户端' } },
    { line: 'moongate setup clawdbot', what: { en: 'show the change, ask, write', zh: '显示改动，询问，写入' } },
    { line: 'moongate setup codex --print', what: { en: 'only look', zh: '只看不写' } },
    { line: 'moongate setup claude-code --undo', what: { en: 'take it back', zh: '撤销' } },
  ],
  async run(terminal, values, [name]) {
    if (name === undefined) return list(terminal, values);
    const client = CLIENTS.find(({ id }) => id === name);
    if (client === undefined) throw unknownClient(name);
    return values['undo'] === true ? runUndo(terminal, values, client) : await runSetup(terminal, values, client);
  },
};

export function unknownClient(name: string): UsageError {
  const ids = CLIENTS.map(({ id }) => id);
  const [near] = nearest(name, ids);
  return new UsageError({
    en: `There is no client "${name}".${near === undefined ? '' : ` Did you mean ${near}?`} There are: ${ids.join(', ')}.`,
    zh: `没有客户端“${name}”。${near === undefined ? '' : `是否想输入 ${near}？`}可用的有：${ids.join('、')}。`,
  });
}

const PROTOCOLS = {
  chat: 'OpenAI Chat Completions',
  responses: 'OpenAI Responses',
  messages: 'Anthropic Messages',
} as const;

function list({ stdout, language }: Terminal, values: Values): number {
  const rows = CLIENTS.map(({ id, title, protocol, model, file, source }) => ({
    id,
    title,
    protocol,
    model: typeof model === 'string' ? model : model({ serves: { platform: true, coding: true } }),
    file: file === undefined ? undefined : pathOf(file, values),
    source,
  }));
  if (values['json'] === true) {
    stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return EXIT.ok;
  }
  const none = '-';
  stdout.write(
    table(
      headings(['CLIENT', 'NAME', 'PROTOCOL', 'MODEL', 'FILE'], language),
      rows.map(({ id, title, protocol, model, file }) => [id, title, PROTOCOLS[protocol], model, file ?? none]),
    ),
  );
  stdout.write(
    `\n${phrase({ en: 'moongate setup CLIENT shows the change and asks; - prints what to copy.', zh: 'moongate setup CLIENT 显示改动并询问；- 表示只打印可复制的内容。' }, language)}\n`,
  );
  return EXIT.ok;
}
