import { rmSync } from 'node:fs';
import { isAgreed } from '../ask.ts';
import { type Command, EXIT } from '../command.ts';
import { phrase } from '../language.ts';
import { isActive } from '../service/is-active.ts';
import { MANAGER_OPTION, thisService } from '../service/this-service.ts';
import { readOrNothing } from './service-install.ts';

export const serviceUninstall: Command = {
  details: {
    en: 'Removes the service file after asking. A service that runs is not stopped: what to type for that is printed first.',
    zh: '询问后删除服务文件。不会停止正在运行的服务，而是先输出停止命令。',
  },
  options: [{ flags: '--yes', summary: { en: 'remove without asking', zh: '不询问直接删除' } }, MANAGER_OPTION],
  examples: [{ line: 'moongate service uninstall', what: { en: 'take it away again', zh: '移除服务' } }],
  async run(terminal, values) {
    const { stdout, language } = terminal;
    const say = (words: { en: string; zh: string }) => stdout.write(`${phrase(words, language)}\n`);
    const { path, stop, status } = thisService(values);
    if (readOrNothing(path) === undefined) {
      say({ en: `There is no ${path}.`, zh: `${path} 不存在。` });
      return EXIT.ok;
    }
    if (await isActive(status)) {
      say({ en: 'It runs. Stop it first, then come again:', zh: '服务正在运行，请先停止再重试：' });
      stdout.write(stop.map((line) => `  ${line}\n`).join(''));
      return EXIT.failed;
    }
    if (!(await isAgreed(terminal, values, { en: `Remove ${path}?`, zh: `删除 ${path}？` }))) return EXIT.failed;
    rmSync(path);
    say({ en: `${path} is removed. The configuration and the data stay.`, zh: `已删除 ${path}，配置和数据保留。` });
    return EXIT.ok;
  },
};
