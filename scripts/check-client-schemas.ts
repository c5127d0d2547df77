/**
 * Lets the schemas that clients publish judge what `moongate setup` writes: `node scripts/check-client-schemas.ts FOLDER`.
 * For clients that cannot be run without a desktop or an editor. FOLDER holds one npm prefix a package
 * (`npm install --prefix FOLDER/roo-code @roo-code/types`, `FOLDER/continue @continuedev/config-yaml`). What is not there
 * is left out. docs/clients/setup-results.md says what came of it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const GATE = ['--url', 'http://gate.test:9000', '--key', 'any'];

interface Schema {
  parse(value: unknown): unknown;
  strict?(): Schema;
}

/** What a client's own schema says of the file; undefined: nothing against it. */
type Judge = (file: string, folder: string) => string | undefined;

const JUDGES: Readonly<Record<string, { readonly file: string; readonly judge: Judge }>> = {
  'roo-code': {
    file: 'roo.json',
    judge(file, folder) {
      const { providerSettingsSchema, providerNames } = load(folder, '@roo-code/types');
      const { providerProfiles } = JSON.parse(readFileSync(file, 'utf8'));
      const { id, ...settings } = providerProfiles.apiConfigs[providerProfiles.currentApiConfigName];
      if (typeof id !== 'string') return 'the profile has no id';
      if (!(providerNames as string[]).includes(settings.apiProvider)) return `no provider ${settings.apiProvider}`;
      return complaint(() => strictly(providerSettingsSchema as Schema).parse(settings));
    },
  },
  continue: {
    file: 'config.yaml',
    judge(file, folder) {
      const { configYamlSchema, validateConfigYaml } = load(folder, '@continuedev/config-yaml');
      const config = parse(readFileSync(file, 'utf8'));
      const errors = (validateConfigYaml as (config: unknown) => { fatal: boolean; message: string }[])(config);
      if (errors.length > 0) return errors.map(({ message }) => message).join('; ');
      return complaint(() => (configYamlSchema as Schema).parse(config));
    },
  },
};

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder in which the packages are.');
let isBad = false;
for (const [client, { file: name, judge }] of Object.entries(JUDGES)) {
  const place = join(resolve(folder), client);
  if (!existsSync(place)) continue;
  const home = mkdtempSync(join(tmpdir(), 'moongate-schema-'));
  try {
    const file = join(home, name);
    execFileSync(process.execPath, [CLI, 'setup', client, '--yes', '--home', home, '--file', file, ...GATE]);
    const problem = judge(file, place);
    isBad ||= problem !== undefined;
    console.log(`${client}: ${problem ?? 'accepted'}`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
process.exitCode = isBad ? 1 : 0;

function load(place: string, name: string): Readonly<Record<string, unknown>> {
  return createRequire(join(place, 'package.json'))(name) as Record<string, unknown>;
}

/** So that a member which the client does not know counts as well. */
function strictly(schema: Schema): Schema {
  return schema.strict?.() ?? schema;
}

function complaint(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
