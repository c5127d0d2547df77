import { stringify } from 'yaml';
import { type Config, formatListen, loadConfig } from '../../config/index.ts';
import { CONFIG_OPTIONS, type Command, EXIT, textOption } from '../command.ts';

export const configShow: Command = {
  details: 'Durations are in milliseconds and sizes in bytes, whatever unit they were written in.',
  options: [...CONFIG_OPTIONS, { flags: '--json', summary: 'print JSON instead of YAML' }],
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
