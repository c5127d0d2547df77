import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadConfig } from '../../config/index.ts';
import { isAgreed } from '../ask.ts';
import { CONFIG_OPTIONS, type Command, EXIT, textOption } from '../command.ts';
import { phrase } from '../language.ts';
import { MANAGER_OPTION, thisService } from '../service/this-service.ts';

export const serviceInstall: Command = {
  details: {
    en: [
      'Shows the service file, asks, and writes it; nothing is started: what to type for that is printed. The service runs in',
      'this folder, so it reads moongate.yaml and .env here. The variables of this shell do not reach it: keys belong into .env.',
    ].join('\n'),
    zh: [
      '先显示服务文件，询问后写入；不会启动服务，只输出启动命令。服务在当前目录运行，',
      '因此读取这里的 moongate.yaml 和 .env。当前 shell 的环境变量不会传给服务，密钥请写入 .env。',
    ].join('\n'),
  },
  options: [
    { flags: '--print', summary: { en: 'print the file and write nothing', zh: '只输出文件内容，不写入' } },
    { flags: '--yes', summary: { en: 'write without asking', zh: '不询问直接写入' } },
    {
      flags: '--listen <host:port>',
      summary: { en: 'where it listens (default: as configured)', zh: '监听地址（默认：按配置）' },
    },
    MANAGER_OPTION,
    ...CONFIG_OPTIONS,
  ],
  examples: [
    { line: 'moongate service install --print', what: { en: 'look at it first', zh: '先查看内容' } },
    {
      line: 'moongate service install --config ~/moongate/moongate.yaml',
      what: { en: 'with a configuration', zh: '指定配置文件' },
    },
  ],
  async run(terminal, values) {
    const { stdout, language } = terminal;
    const say = (words: { en: string; zh: string }) => stdout.write(`${phrase(words, language)}\n`);
    const service = thisService(values);
    if (values['print'] === true) {
      stdout.write(service.text);
      return EXIT.ok;
    }
    // A service that cannot start is better found out here.
    loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'], listen: values['listen'] } });
    const { path, text } = service;
    const old = readOrNothing(path);
    stdout.write(`${path}\n\n${text}\n`);
    if (old === text) say({ en: 'It is there already, and the same.', zh: '文件已存在，内容相同。' });
    else {
      const isNew = old === undefined;
      const question = isNew
        ? { en: 'Write this file?', zh: '写入此文件？' }
        : { en: 'The file exists and differs. Replace it?', zh: '文件已存在且内容不同，是否替换？' };
      if (!(await isAgreed(terminal, values, question))) return EXIT.failed;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    say({ en: 'To start it, and at every login from then on:', zh: '启动服务，并在以后登录时自动启动：' });
    stdout.write(`${service.start.map((line) => `  ${line}\n`).join('')}`);
    return EXIT.ok;
  },
};

export function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // none there
  }
}
