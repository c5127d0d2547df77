import { dirname, resolve } from 'node:path';
import { environmentVariable } from '../../config/index.ts';
import { isAgreed } from '../ask.ts';
import { CONFIG_OPTIONS, type Command, EXIT, type Terminal, textOption, UsageError } from '../command.ts';
import { describeFailure } from '../describe-failure.ts';
import { diffText } from '../edit/diff.ts';
import { type PlannedEdit, writeAll } from '../edit/planned-edit.ts';
import { type Answers, VARIABLES } from '../init/answers.ts';
import { collectAnswers } from '../init/collect.ts';
import { givenKeys } from '../init/given-keys.ts';
import { Cancelled, Interview } from '../init/interview.ts';
import { planFiles } from '../init/plan-files.ts';
import { type Attempt, configBefore, tryItOut } from '../init/trial.ts';
import { type Bilingual, type Language, type Phrase, phrase } from '../language.ts';
import { plainText } from '../plain-text.ts';

type Values = Readonly<Record<string, unknown>>;

export const init: Command = {
  details: {
    en: [
      'Asks for what it needs, skips what you leave empty, shows what it is about to write, and ends with a test request. Keys go',
      'into .env, which only you can read; moongate.yaml names them. What these files hold already stays: a further key of the',
      'same kind is added to the others. Nothing is written before you agree, and Ctrl-C leaves everything as it was.',
      'With --yes nothing is asked: the flags say it all, and what they leave open keeps its default. Keys given by --key can be',
      'seen in the list of processes; --key-stdin and --key-file avoid that.',
    ].join('\n'),
    zh: [
      '询问所需信息，留空即跳过，写入前先显示改动，最后发一个测试请求。密钥写入只有你能读的 .env，moongate.yaml 引用它们。',
      '已有内容保持不变：同类的新密钥会加在原有的后面。同意之前不写任何内容，Ctrl-C 随时退出且不留痕迹。',
      '加 --yes 则不询问：一切由选项决定，其余用默认值。--key 给出的密钥在进程列表里可见，--key-stdin 和 --key-file 则不会。',
    ].join('\n'),
  },
  options: [
    {
      flags: '--key <key...>',
      summary: { en: 'a key of Kimi, as it was copied; several are possible', zh: 'Kimi 的密钥，原样粘贴；可以多个' },
    },
    {
      flags: '--key-file <file>',
      summary: { en: 'the keys stand in this file, one a line', zh: '密钥在此文件中，每行一个' },
    },
    { flags: '--key-stdin', summary: { en: 'the keys come on standard input', zh: '从标准输入读取密钥' } },
    {
      flags: '--surface <id>',
      summary: { en: 'where the keys belong, instead of finding it out', zh: '密钥所属的接入面，不再自动判断' },
    },
    { flags: '--listen <host:port>', summary: { en: 'where to listen', zh: '监听地址' } },
    { flags: '--yes', summary: { en: 'ask nothing', zh: '不询问' } },
    { flags: '--no-test', summary: { en: 'send no test request', zh: '不发测试请求' } },
    {
      flags: '--demo',
      summary: {
        en: 'no key: the test request goes to the built-in simulator',
        zh: '不用密钥：测试请求由内置模拟器应答',
      },
    },
    ...CONFIG_OPTIONS,
  ],
  examples: [
    { line: 'moongate init', what: { en: 'by questions', zh: '逐步询问' } },
    { line: 'moongate init --yes --key-file key.txt', what: { en: 'without questions', zh: '不询问' } },
    {
      line: 'pass kimi | moongate init --yes --key-stdin --surface kimi-code',
      what: { en: 'the key from a password manager', zh: '密钥来自密码管理器' },
    },
  ],
  async run(terminal, values) {
    if (values['yes'] !== true && (!terminal.stdin.isTTY || !terminal.stdout.isTTY)) {
      throw new UsageError({
        en: 'This is no terminal, so nothing can be asked: add --yes, and give the keys by --key-stdin or --key-file.',
        zh: '这里不是终端，无法提问：请加 --yes，并用 --key-stdin 或 --key-file 提供密钥。',
      });
    }
    const interview = values['yes'] === true ? undefined : new Interview(terminal);
    const tell = interview === undefined ? line(terminal) : (words: Phrase) => interview.tell(words);
    interview?.begin({
      en: 'moongate init: Ctrl-C leaves, and nothing is written',
      zh: 'moongate init：Ctrl-C 退出，不写入任何内容',
    });
    try {
      const { config, file } = configBefore(values);
      const keys = await givenKeys(values, () => terminal.stdin);
      const answers = await collectAnswers({ values, config, keys, interview, tell });
      const target = file ?? resolve(textOption(values, 'config') ?? 'moongate.yaml');
      const edits = planFiles(dirname(target), target, answers);
      if (!(await written(terminal, values, edits))) throw new Cancelled();
      warnOfShadows(answers, tell);
      const surfaces = [...new Set(answers.credentials.map(({ surface }) => surface))];
      return await finish({ terminal, values, interview, tell }, surfaces);
    } catch (thrown) {
      if (!(thrown instanceof Cancelled)) throw thrown;
      const words: Phrase = { en: 'Nothing was written.', zh: '没有写入任何内容。' };
      if (interview === undefined) tell(words);
      else interview.giveUp(words);
      return EXIT.failed;
    }
  },
};

async function written(terminal: Terminal, values: Values, edits: readonly PlannedEdit[]): Promise<boolean> {
  const say = line(terminal);
  if (edits.length === 0) {
    say({ en: 'The files say all of this already.', zh: '文件内容无需改动。' });
    return true;
  }
  for (const edit of edits) terminal.stdout.write(`\n${diffText(edit, terminal)}`);
  const paths = edits.map(({ file }) => file.path).join(', ');
  if (!(await isAgreed(terminal, values, { en: `Write ${paths}?`, zh: `写入 ${paths}？` }))) return false;
  writeAll(edits);
  say({ en: `Written: ${paths}`, zh: `已写入：${paths}` });
  return true;
}

/** A variable of the environment wins over .env, which a person who just wrote .env does not expect. */
function warnOfShadows({ credentials }: Answers, tell: (words: Phrase) => void): void {
  for (const name of new Set(credentials.map(({ surface }) => VARIABLES[surface]))) {
    if (environmentVariable(name) === undefined) continue;
    tell({
      en: `${name} is also set in the environment, and wins over .env: take it out there.`,
      zh: `环境变量中也设置了 ${name}，它优先于 .env：请在那里去掉。`,
    });
  }
}

interface Running {
  readonly terminal: Terminal;
  readonly values: Values;
  readonly interview: Interview | undefined;
  readonly tell: (words: Phrase) => void;
}

async function finish({ terminal, values, interview, tell }: Running, surfaces: readonly string[]): Promise<number> {
  const isSafe = values['test'] === false || (await isTried(values, surfaces, tell));
  const next: Phrase = {
    en: 'Next: moongate serve starts the gateway, moongate setup points a client at it, moongate chat talks to it here.',
    zh: '接下来：moongate serve 启动网关，moongate setup 配置客户端，moongate chat 在这里对话。',
  };
  if (interview === undefined) line(terminal)(next);
  else interview.end(next);
  return isSafe ? EXIT.ok : EXIT.failed;
}

async function isTried(values: Values, surfaces: readonly string[], tell: (words: Phrase) => void): Promise<boolean> {
  const isDemo = values['demo'] === true;
  if (!isDemo && !hasAnyCredential(values)) {
    tell({
      en: 'There is no key yet, so there is nothing to test. moongate serve --demo runs on the simulator.',
      zh: '还没有密钥，无法测试。moongate serve --demo 可以用模拟器运行。',
    });
    return true;
  }
  tell({ en: 'A test request …', zh: '正在发送测试请求……' });
  let isGood = true;
  for await (const attempt of tryItOut(values, surfaces)) {
    tell(outcomeOf(attempt));
    isGood &&= attempt.trial !== undefined;
  }
  return isGood;
}

function outcomeOf({ surface, trial, failure }: Attempt): Bilingual {
  if (trial !== undefined) {
    const [said, place] = [plainText(trial.text).trim(), trial.surface ?? '?'];
    return { en: `${trial.model} on ${place} says: ${said}`, zh: `${trial.model}（${place}）回答：${said}` };
  }
  const said = (language: Language) => {
    const { why, hint } = describeFailure(failure, language);
    return plainText(hint === undefined ? why : `${why}\n${hint}`);
  };
  const [on, place] = surface === undefined ? ['', ''] : [` on ${surface}`, `（${surface}）`];
  return { en: `The test request${on} failed: ${said('en')}`, zh: `测试请求失败${place}：${said('zh')}` };
}

function hasAnyCredential(values: Values): boolean {
  const { surfaces, undecided } = configBefore(values).config;
  return (
    undecided.length > 0 ||
    Object.values(surfaces).some(({ enabled, credentials }) => enabled && credentials.length > 0)
  );
}

function line({ stdout, language }: Terminal): (words: Phrase) => void {
  return (words) => void stdout.write(`${phrase(words, language)}\n`);
}
