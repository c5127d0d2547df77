import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { Folder, hasPython, Session } from './moongate.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const DOWN = '\u001b[B';
const KEY = 'sk-sim-cn';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

function inTerminal(folder: Folder, args: readonly string[]): Session {
  const env = {
    MOONGATE_MOONSHOT_CN_BASE_URL: simulator.cnBaseUrl,
    MOONGATE_MOONSHOT_AI_BASE_URL: simulator.aiBaseUrl,
    LANG: 'en_US.UTF-8',
  };
  return Session.inTerminal(args, { cwd: folder.path, env });
}

const contents = (folder: Folder): string[] => readdirSync(folder.path).toSorted();

describe.skipIf(!hasPython)('init in a terminal', () => {
  test('from an empty folder to an answer in the chat', async () => {
    using folder = new Folder();
    {
      await using session = inTerminal(folder, ['init']);
      await session.until('Paste a key');
      session.type('nokey\r');
      await session.until('neither an API key');
      session.type(`${KEY}\r`);
      await session.until('It belongs to moonshot-cn.');
      await session.until('Another key?');
      session.type('\r');
      await session.until('Who may call the gateway?');
      session.type(`${DOWN}${DOWN}\r`);
      await session.until('Host and port');
      session.type('127.0.0.1:8123\r');
      await session.until(/moongate\.yaml \(new\)/);
      await session.until('Write ');
      expect(contents(folder)).toEqual([]);
      session.type('\r');
      await session.until('Written: ');
      await session.until(/kimi-k2\.6 on moonshot-cn says: \S/);
      await session.until('moongate serve starts the gateway');
      expect(await session.exit).toBe(0);
      expect(session.text).not.toContain(KEY);
    }
    expect(contents(folder)).toEqual(['.env', 'moongate.yaml']);
    expect(readFileSync(join(folder.path, 'moongate.yaml'), 'utf8')).toContain('listen: 127.0.0.1:8123');
    await using chat = inTerminal(folder, ['chat', '--no-history']);
    await chat.until('k25> ');
    chat.type('Hello?\r');
    await chat.until('You asked: "Hello?"');
    await chat.until(/k25: alias\) · moonshot-cn/);
    chat.type(CTRL_D);
    expect(await chat.exit).toBe(0);
  });

  test.each([
    ['at the key', 'Paste a key', []],
    ['at the address', 'Who may call', ['Paste a key']],
    ['before writing', 'Write ', ['Paste a key', 'Who may call']],
  ] as const)('Ctrl-C %s leaves nothing behind', async (_where, question, before) => {
    using folder = new Folder();
    await using session = inTerminal(folder, ['init']);
    for (const earlier of before) {
      await session.until(earlier);
      session.type('\r');
    }
    await session.until(question);
    session.type(CTRL_C);
    await session.until('Nothing was written.');
    expect(await session.exit).toBe(1);
    expect(contents(folder)).toEqual([]);
  });

  test('a key that neither host knows can be placed by hand, in Chinese', async () => {
    using folder = new Folder();
    await using session = inTerminal(folder, ['init', '--lang', 'zh', '--no-test', '--listen', '8123']);
    await session.until('粘贴密钥');
    session.type('sk-unknown-0123456789\r');
    await session.until('它来自哪里');
    session.type(`${DOWN}\r`);
    await session.until('还有别的密钥吗');
    session.type('\r');
    await session.until('写入');
    session.type('\r');
    await session.until('已写入：');
    expect(await session.exit).toBe(0);
    expect(readFileSync(join(folder.path, '.env'), 'utf8')).toBe('MOONSHOT_API_KEY_AI=sk-unknown-0123456789\n');
  });
});

describe.skipIf(!hasPython)('setup in a terminal', () => {
  test('shows the change and writes what was agreed to', async () => {
    using folder = new Folder();
    const args = ['setup', 'codex', '--home', folder.path, '--url', 'http://gate.test'];
    {
      await using session = inTerminal(folder, args);
      await session.until('+model = "kimi"');
      await session.until('Write ');
      session.type('n');
      await session.until('Nothing was written.');
      expect(await session.exit).toBe(1);
    }
    expect(contents(folder)).toEqual([]);
    await using session = inTerminal(folder, args);
    await session.until('Write ');
    session.type('y');
    await session.until('--undo');
    expect(await session.exit).toBe(0);
    expect(contents(folder)).toEqual(['.codex', '.moongate']);
  });
});
