import { configNotices, describeConfig, type LoadedConfig, loadConfig, needsIssuedKeys } from '../../config/index.ts';
import { GatewayError } from '../../errors.ts';
import { CONFIG_OPTIONS, type Command, EXIT, textOption } from '../command.ts';

const NEEDS_ISSUED =
  'others can reach the address, and the configuration has no keys: the gateway starts only if some were issued (`moongate keys create NAME`).';

export const configCheck: Command = {
  details: 'Exits with 1 if the configuration is not valid, after naming everything that is wrong with its place.',
  options: [...CONFIG_OPTIONS, { flags: '--json', summary: 'print the result as JSON' }],
  examples: [{ line: 'moongate config check --config new.yaml', what: 'before a running gateway gets it' }],
  async run({ stdout, stderr }, values) {
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
    const warnings = [...loaded.warnings, ...configNotices(loaded.config)];
    if (needsIssuedKeys(loaded.config)) warnings.push(NEEDS_ISSUED);
    const lines = describeConfig(loaded.config, loaded.sources);
    if (isJson) {
      const settings = Object.fromEntries(loaded.sources);
      stdout.write(
        `${JSON.stringify({ ok: true, file: loaded.file ?? null, settings, warnings, report: lines }, null, 2)}\n`,
      );
      return EXIT.ok;
    }
    stdout.write(
      `${loaded.file === undefined ? 'There is no configuration file.' : loaded.file}\n\n${lines.join('\n')}\n`,
    );
    for (const warning of warnings) stderr.write(`warning: ${warning}\n`);
    stdout.write('\nThe configuration is valid.\n');
    return EXIT.ok;
  },
};

function problemsOf({ message, details }: GatewayError): Readonly<Record<string, unknown>> {
  return details.extra?.['problems'] === undefined ? { problems: [{ message }] } : details.extra;
}
