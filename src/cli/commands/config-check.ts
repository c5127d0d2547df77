import { configNotices, describeConfig, type LoadedConfig, loadConfig, needsIssuedKeys } from '../../config/index.ts';
import { GatewayError } from '../../errors.ts';
import { CONFIG_OPTIONS, type Command, EXIT, textOption } from '../command.ts';
import { type Phrase, phrase } from '../language.ts';

const NEEDS_ISSUED: Phrase = {
  en: 'others can reach the address, and the configuration has no keys: the gateway starts only if some were issued (`moongate keys create NAME`).',
  zh: '该地址可被他人访问，而配置中没有密钥：只有签发过密钥（`moongate keys create 名称`）网关才会启动。',
};

export const configCheck: Command = {
  details: {
    en: 'Exits with 1 if the configuration is not valid, after naming everything that is wrong with its place.',
    zh: '配置无效时逐条指出问题及位置，退出码为 1。',
  },
  options: [
    ...CONFIG_OPTIONS,
    { flags: '--json', summary: { en: 'print the result as JSON', zh: '以 JSON 输出结果' } },
  ],
  examples: [
    {
      line: 'moongate config check --config new.yaml',
      what: { en: 'before a running gateway gets it', zh: '在交给运行中的网关之前检查' },
    },
  ],
  async run({ stdout, stderr, language }, values) {
    const file = textOption(values, 'config');
    const isJson = values['json'] === true;
    let loaded: LoadedConfig;
    try {
      loaded = loadConfig({ file, flags: { data: values['data'] } });
    } catch (thrown) {
      if (!isJson || !(thrown instanceof GatewayError)) throw thrown;
      stdout.write(`${JSON.stringify({ ok: false, ...problemsOf(thrown) }, null, 2)}\n`);
      return EXIT.failed;
    }
    const warnings: Phrase[] = [...loaded.warnings, ...configNotices(loaded.config)];
    if (needsIssuedKeys(loaded.config)) warnings.push(NEEDS_ISSUED);
    if (isJson) {
      const settings = Object.fromEntries(loaded.sources);
      stdout.write(
        `${JSON.stringify({ ok: true, file: loaded.file ?? null, settings, warnings: warnings.map((words) => phrase(words, 'en')), report: describeConfig(loaded.config, loaded.sources) }, null, 2)}\n`,
      );
      return EXIT.ok;
    }
    stdout.write(
      `${loaded.file ?? phrase(NO_FILE, language)}\n\n${describeConfig(loaded.config, loaded.sources, language).join('\n')}\n`,
    );
    for (const warning of warnings)
      stderr.write(`${phrase({ en: 'warning: ', zh: '警告：' }, language)}${phrase(warning, language)}\n`);
    stdout.write(`\n${phrase({ en: 'The configuration is valid.', zh: '配置有效。' }, language)}\n`);
    return EXIT.ok;
  },
};

const NO_FILE: Phrase = { en: 'There is no configuration file.', zh: '没有配置文件。' };

function problemsOf({ message, details }: GatewayError): Readonly<Record<string, unknown>> {
  return details.extra?.['problems'] === undefined ? { problems: [{ message }] } : details.extra;
}
