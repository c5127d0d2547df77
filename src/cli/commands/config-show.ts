import { stringify } from 'yaml';
import { type Config, formatListen, loadConfig } from '../../config/index.ts';
import { CONFIG_OPTIONS, type Command, EXIT, textOption } from '../command.ts';

export const configShow: Command = {
  details: {
    en: 'Durations are in milliseconds and sizes in bytes, whatever unit they were written in.',
    zh: '无论原来用什么单位，时长以毫秒、大小以字节显示。',
  },
  options: [
    ...CONFIG_OPTIONS,
    { flags: '--json', summary: { en: 'print JSON instead of YAML', zh: '输出 JSON 而不是 YAML' } },
  ],
  examples: [
    {
      line: 'moongate config show',
      what: { en: 'what is in force, defaults included', zh: '查看当前生效的配置，包括默认值' },
    },
  ],
  async run({ stdout }, values) {
    const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
    const plain = maskedConfig(config);
    stdout.write(values['json'] === true ? `${JSON.stringify(plain, null, 2)}\n` : stringify(plain));
    return EXIT.ok;
  },
};

/** Secrets become their masks: that is how they turn into JSON. */
function maskedConfig(config: Config): unknown {
  return JSON.parse(JSON.stringify({ ...config, listen: formatListen(config.listen) }));
}
