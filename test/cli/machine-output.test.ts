import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conversationRig } from '../conversations/rig.ts';
import { CN_KEY, CN_KEY_2, type Rig, startRig } from '../setup.ts';
import { Folder, moongate } from './moongate.ts';

/** docs/machine-output.md against what the commands print. */

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/machine-output.md'), 'utf8');

/** The members that the page names for a command. */
function documented(command: string): readonly string[] {
  const section = PAGE.split('\n## ').find((part) => part.startsWith(`moongate ${command}\n`)) ?? '';
  const cells = [...section.matchAll(/^\| (.*?) \| .* \|$/gm)].map(([, cell]) => cell ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? ''));
}

/** Every path to a value, as the page writes them. */
function pathsIn(value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? [`${at}[]`] : value.flatMap((one) => pathsIn(one, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [at];
  const members = Object.entries(value);
  if (members.length === 0) return [at];
  return members.flatMap(([name, one]) => pathsIn(one, at === '' ? name : `${at}.${name}`));
}

const asPattern = (path: string) =>
  new RegExp(`^${path.replaceAll(/[.[\]]/g, '\\$&').replaceAll('*', '.+?')}(?:$|[.[])`);

/** What is empty or null on the way to a member tells nothing of what would be in it. */
const isPrefix = (path: string, of: string) => {
  const bare = path.replace(/(?:\[\])+$/, '');
  return bare !== '' && (of.startsWith(`${bare}.`) || of.startsWith(`${bare}[`));
};

let rig: Rig;
let conversations: Awaited<ReturnType<typeof conversationRig>>;
const folder = new Folder();
const cwd = folder.path;

beforeAll(async () => {
  conversations = await conversationRig();
  await (await conversations.say('film', 'sim: say one')).text();
  const data = join(cwd, 'data');
  rig = await startRig({ config: { ledger: {}, data, admin_key: 'admin-0123456789' } });
  await (await rig.chat('hello')).text();
  writeFileSync(
    join(cwd, 'request.json'),
    '{"model":"gpt-4o","temperature":0.2,"messages":[{"role":"user","content":"Hi"}]}',
  );
  writeFileSync(join(cwd, 'a.js'), "import OpenAI from 'openai';\nnew OpenAI();\n");
  writeFileSync(join(cwd, 'b.min.ts'), `${'a();'.repeat(3_000)}\n`);
  const surfaces = { 'moonshot-cn': { base_url: rig.simulator.cnBaseUrl, credentials: [{ key: CN_KEY }] } };
  writeFileSync(join(cwd, 'moongate.yaml'), JSON.stringify({ data, surfaces, admin_key: 'admin-0123456789' }));
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await conversations[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

interface Sample {
  readonly command: string;
  /** All of them together have every member. */
  readonly calls: () => readonly (readonly string[])[];
}

const admin = () => ['--url', rig.url, '--admin-key', 'admin-0123456789', '--json'];

const SAMPLES: readonly Sample[] = [
  {
    command: 'models --json',
    calls: () => [
      ['models', '--json'],
      ['models', '--all', '--json'],
    ],
  },
  { command: 'setup --json', calls: () => [['setup', '--json']] },
  { command: 'usage --json', calls: () => [['usage', '--json', '--url', rig.url, '--key', 'admin-0123456789']] },
  {
    command: 'keys list --json',
    calls: () => [
      ['keys', 'create', 'a', '--rpm', '3', '--daily', '2', '--monthly', '20', '--models', 'kimi-k2.6', ...admin()],
      ['keys', 'rotate', 'a', ...admin()],
      ['keys', 'list', ...admin()],
    ],
  },
  { command: 'keys show --json', calls: () => [['keys', 'show', 'a', ...admin()]] },
  {
    command: 'credentials list --json',
    calls: () => [['credentials', 'list', ...admin()]],
  },
  { command: 'service status --json', calls: () => [['service', 'status', '--manager', 'systemd', '--json']] },
  { command: 'config check --json', calls: () => [['config', 'check', '--json']] },
  { command: 'explain --json', calls: () => [['explain', 'request.json', '--json']] },
  {
    command: 'conversations list --json',
    calls: () => [['conversations', 'list', '--json', '--url', conversations.rig.url]],
  },
  { command: 'bench --json', calls: () => [['bench', '--demo', '-n', '2', '--json']] },
  {
    command: 'verify --format json',
    calls: () => [
      ['verify', rig.simulator.cnBaseUrl, '--key', CN_KEY_2, '--only', 'sampling', '--format', 'json'],
      ['verify', '--demo', '--only', 'error-key', '--format', 'json'],
    ],
  },
  { command: 'migrate --format json', calls: () => [['migrate', '--format', 'json', '.']] },
];

test.each(SAMPLES)('moongate $command', async ({ command, calls }) => {
  const named = documented(command);
  expect(named.length, `docs/machine-output.md has no moongate ${command}`).toBeGreaterThan(0);
  const printed = new Set<string>();
  for (const args of calls()) {
    const { stdout, stderr } = await moongate(args, { cwd, env: { LC_ALL: 'zh_CN.UTF-8' } });
    expect(stdout, stderr).toMatch(/^[[{]/);
    expect(stdout).not.toMatch(/\p{Script=Han}/u);
    const value: unknown = JSON.parse(stdout);
    // One of what a list has.
    const isOne = named.every((path) => path.startsWith('[]')) && !Array.isArray(value);
    for (const path of pathsIn(isOne ? [value] : value)) printed.add(path);
  }
  const all =
    command === 'keys show --json' ? [...named, ...documented('keys list --json').map((path) => path.slice(3))] : named;
  const unknown = [...printed].filter(
    (path) => !all.some((known) => asPattern(known).test(path) || isPrefix(path, known)),
  );
  expect(unknown, 'printed, and not on the page').toEqual([]);
  const missing = named.filter(
    (known) => ![...printed].some((path) => asPattern(known).test(path) || isPrefix(path, known)),
  );
  expect(missing, 'on the page, and not printed').toEqual([]);
});

test('every command that prints JSON has its place on a page', () => {
  const reference = readFileSync(resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8');
  const commands = reference
    .split('\n## ')
    .flatMap((part) => part.split('\n### '))
    .filter((part) => /\| `--json` \||`--format <text\|json|`--format <text\\\|json/.test(part))
    .map((part) => /^moongate ([a-z -]+)/.exec(part)?.[1]?.trim() ?? '');
  expect(commands.length).toBeGreaterThan(12);
  const words = (command: string) => command.split(' ').at(-1) ?? '';
  expect(
    commands.filter((command) => !PAGE.includes(`\`${words(command)}`) && !PAGE.includes(`moongate ${command} `)),
  ).toEqual([]);
});
