import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Folder, hasPython, Session } from './moongate.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences are what is looked for
const COLOUR = /\u001b\[(?!0?m)[0-9;]*m/;

/** A command with something to colour, what it shows, and what ends it. */
const SHOWN: readonly (readonly [args: readonly string[], shows: string, keys: string])[] = [
  [['doctor', '--offline'], 'not looked at.', ''],
  [['init'], 'Paste a key', CTRL_C],
  [['migrate', '--dry-run', '.'], '+new OpenAI', ''],
  [['migrate', '.'], 'no base URL', ''],
  [['verify', '--demo', '--only', 'models'], 'requests.', ''],
  [['setup', 'codex', '--home', '.'], '+model', CTRL_C],
  [['chat', '--demo', '--no-history'], 'k25> ', `sim: say **bold** \`code\`\r${CTRL_D}`],
];

describe.skipIf(!hasPython)('at a terminal', () => {
  const shown = async (args: readonly string[], shows: string, keys: string, env: Readonly<Record<string, string>>) => {
    using folder = new Folder();
    writeFileSync(join(folder.path, 'a.js'), "import OpenAI from 'openai';\nnew OpenAI({ apiKey: 'x' });\n");
    const surroundings = { cwd: folder.path, env: { ...env, LANG: 'en_US.UTF-8' } };
    await using session = Session.inTerminal(args, surroundings);
    await session.until(shows);
    session.type(keys);
    await session.exit;
    return session.raw;
  };

  test.each(SHOWN)('moongate %j has colours', async (args, shows, keys) => {
    expect(await shown(args, shows, keys, {})).toMatch(COLOUR);
  });

  test.each(SHOWN)('moongate %j has none with NO_COLOR', async (args, shows, keys) => {
    expect(await shown(args, shows, keys, { NO_COLOR: '1' })).not.toMatch(COLOUR);
  });
});
