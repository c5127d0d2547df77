import { loadConfig } from '../../config/index.ts';
import { CONFIG_OPTIONS, type Command, EXIT, JSON_OPTION, textOption } from '../command.ts';
import { addressOf, healthAt } from '../gateway-health.ts';
import { phrase } from '../language.ts';
import { isActive } from '../service/is-active.ts';
import { MANAGER_OPTION, thisService } from '../service/this-service.ts';
import { readOrNothing } from './service-install.ts';

export const serviceStatus: Command = {
  details: {
    en: 'Exit code 0 if the service runs and a gateway answers at the configured address, else 1.',
    zh: '服务正在运行且配置的地址上有网关应答时退出码为 0，否则为 1。',
  },
  options: [JSON_OPTION, MANAGER_OPTION, ...CONFIG_OPTIONS],
  examples: [{ line: 'moongate service status --json', what: { en: 'for a script', zh: '供脚本使用' } }],
  async run({ stdout, language }, values) {
    const { path, status } = thisService(values);
    const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
    const address = addressOf(config);
    const isInstalled = readOrNothing(path) !== undefined;
    const runs = await isActive(status);
    const answers = (await healthAt(address)) !== undefined;
    if (values['json'] === true) {
      stdout.write(
        `${JSON.stringify({ file: path, installed: isInstalled, active: runs, address, answers }, null, 2)}\n`,
      );
    } else {
      const say = (words: { en: string; zh: string }) => stdout.write(`${phrase(words, language)}\n`);
      say(
        isInstalled
          ? { en: `installed: ${path}`, zh: `已安装：${path}` }
          : { en: `not installed: ${path}`, zh: `未安装：${path}` },
      );
      say(runs ? { en: 'the service runs', zh: '服务正在运行' } : { en: 'the service does not run', zh: '服务未运行' });
      say(
        answers
          ? { en: `a gateway answers at ${address}`, zh: `${address} 上有网关应答` }
          : { en: `nobody answers at ${address}`, zh: `${address} 上没有应答` },
      );
    }
    return runs && answers ? EXIT.ok : EXIT.failed;
  },
};
