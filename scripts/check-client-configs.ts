/**
 * Sets up real clients and lets them judge the result: `node scripts/check-client-configs.ts FOLDER [client …]`.
 * FOLDER holds one npm prefix a client (`npm install --prefix FOLDER/codex @openai/codex`); what is not there is left out.
 * Each client gets a home folder of its own, is set up twice by the built command line, has its own reader look at the
 * file, and answers one prompt through a gateway in front of the simulator. The result is docs/clients/setup-results.md.
 * The clients are large and need the registry, so this runs on demand and not with the tests.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../src/config/index.ts';
import { Gateway } from '../src/gateway.ts';
import { startSimulator } from '../src/simulator/index.ts';
import { type CheckedClient, CLIENTS, PROMPT, WORD } from './checked-clients.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs/clients/setup-results.md');
const LIMIT_MS = 180_000;

interface Result {
  readonly client: string;
  readonly version: string;
  readonly setup: string;
  readonly judged: string;
  readonly answered: string;
}

const [folder, ...only] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder in which the clients are installed.');
const simulator = await startSimulator({ callsKept: 100_000 });
const gateway = new Gateway({
  config: loadConfig({
    cwd: mkdtempSync(join(tmpdir(), 'moongate-check-')),
    env: { MOONSHOT_API_KEY_CN: 'sk-sim-cn', MOONGATE_MOONSHOT_CN_BASE_URL: simulator.cnBaseUrl },
  }).config,
});
await gateway.started;
const node = gateway.createServer();
await new Promise<void>((listening) => node.server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${(node.server.address() as AddressInfo).port}`;

const results: Result[] = [];
for (const client of CLIENTS) {
  if (only.length > 0 && !only.includes(client.id)) continue;
  const result = await check(client, resolve(folder));
  if (result === undefined) continue;
  results.push(result);
  console.log(Object.values(result).join(' | '));
}
await node.stop(1_000);
await gateway.close();
await simulator.close();
if (only.length === 0) writeFileSync(PAGE, page(results));
process.exit();

async function check(client: CheckedClient, clients: string): Promise<Result | undefined> {
  const prefix = join(clients, client.folder ?? client.id);
  const command = join(prefix, 'node_modules/.bin', client.command);
  if (!existsSync(command)) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'moongate-client-'));
  try {
    const manifest: unknown = JSON.parse(
      readFileSync(join(prefix, 'node_modules', client.package, 'package.json'), 'utf8'),
    );
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '?';
    const setup = await setUpTwice(client.id, home);
    const judged = client.judge === undefined ? 'has no reader to ask' : await judge(command, client.judge, home);
    const answered = await answer(command, client, home);
    return { client: client.id, version: `${client.package} ${version}`, setup, judged, answered };
  } finally {
    endWhatIsLeft(home);
    rmSync(home, { recursive: true, force: true });
  }
}

async function setUpTwice(id: string, home: string): Promise<string> {
  const cli = [join(ROOT, 'dist/cli.js'), 'setup', id, '--yes', '--home', home, '--url', origin];
  const first = await run(process.execPath, cli, home);
  const second = await run(process.execPath, cli, home);
  if (first.code !== 0) return `failed: ${lastLine(first.text)}`;
  return second.text.includes('nothing to do')
    ? 'written; a second run changes nothing'
    : 'a second run changes it again';
}

async function judge(
  command: string,
  { args, expected }: NonNullable<CheckedClient['judge']>,
  home: string,
): Promise<string> {
  const { code, text } = await run(command, args, home);
  const isGood = code === 0 && expected.every((pattern) => pattern.test(text));
  return `\`${args.join(' ')}\` ${isGood ? 'accepts it' : `says: ${lastLine(text)}`}`;
}

async function answer(command: string, { ask, path }: CheckedClient, home: string): Promise<string> {
  const before = simulator.calls.length;
  const { text } = await run(command, ask, home);
  const calls = simulator.calls.slice(before);
  if (calls.length === 0) return `no request arrived: ${lastLine(text)}`;
  return text.includes(WORD) ? `yes, over ${path}` : `it asked, and said: ${lastLine(text)}`;
}

function run(command: string, args: readonly string[], home: string): Promise<{ code: number | null; text: string }> {
  const child = spawn(command, args, {
    cwd: home,
    env: {
      HOME: home,
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      TERM: 'xterm-256color',
      DISABLE_TELEMETRY: '1',
      KIMI_DISABLE_TELEMETRY: '1',
      PROMPT,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  }
  // Not `close`: a daemon that it started may keep the pipes open for good.
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  return ended.then((code) => {
    clearTimeout(timer);
    return { code, text };
  });
}

/** Some clients leave a daemon behind. It is known by its home folder, which was made for it. Linux only. */
function endWhatIsLeft(home: string): void {
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(`HOME=${home}`))
        process.kill(Number(id), 'SIGKILL');
    } catch {
      // it has ended, or is somebody else's
    }
  }
}

function lastLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences are what is taken out
  const lines = text.replace(/\u001b\[[0-9;?]*[a-zA-Z]/g, '').split('\n');
  const last = lines.filter((line) => line.trim() !== '').at(-1) ?? 'nothing';
  return last.trim().slice(0, 90).replaceAll('|', '/');
}

function page(rows: readonly Result[]): string {
  const cells = ({ client, version, setup, judged, answered }: Result) =>
    `| ${client} | ${version} | ${setup} | ${judged} | ${answered} |`;
  return `# What real clients made of their configuration

Written by \`node scripts/check-client-configs.ts\`, ${new Date().toISOString().slice(0, 10)}. Each client was installed from npm into a folder
of its own, set up by \`moongate setup\` in an empty home folder, asked what it thinks of the file, and given one prompt,
which went through the gateway to the simulator. Nothing here was checked against the live service. Clawdbot's own
dependencies no longer resolve: it was installed with \`linkedom\` 0.18.12 and without \`libsignal\` (its WhatsApp channel).

| client | package | setup | its own reader | answered a prompt |
| --- | --- | --- | --- | --- |
${rows.map(cells).join('\n')}

Continue's file and Roo Code's were also judged by the schemas that these publish, for Roo Code without any unknown member
(\`node scripts/check-client-schemas.ts\`, 2026-11-21): @continuedev/config-yaml 1.42.0 and @roo-code/types 1.115.0 accept them.

Not run, because they are not on npm or need a desktop or an editor; their settings were read against their source or
documentation, which \`moongate setup --json\` names: Roo Code, the extension of Cline, Aider (its options, aider/args.py), Zed
(its settings types), Open WebUI (its documentation), Cherry Studio (its documentation; it has no file, its fields are
printed). NextChat was run from its source in both of its modes, LobeChat's model runtime without the rest of it.

The programs that \`moongate setup\` prints for openai (Node and Python), the AI SDK and LangChain are run as they are printed by
the tests of this repository (test/cli/setup-libraries.test.ts), Python's where the package openai is installed.
`;
}
