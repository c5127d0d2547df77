import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Folder, hasPython, Session } from './moongate.ts';

const CTRL_C = '\u0003';
const RIGHT = '\u001b[C';

describe.skipIf(!hasPython)('setup at a terminal', () => {
  const begun = async (home: Folder, ...more: string[]) => {
    const args = ['setup', 'codex', '--home', home.path, '--url', 'http://127.0.0.1:9', ...more];
    const session = Session.inTerminal(args, { cwd: home.path, env: { LANG: 'en_US.UTF-8' } });
    await session.until(/\+model = "kimi"/);
    return session;
  };
  const file = (home: Folder) => join(home.path, '.codex/config.toml');

  test('shows the change, asks, writes, and says how to take it back', async () => {
    using home = new Folder();
    await using session = await begun(home);
    await session.until(`Write ${file(home)}?`);
    expect(existsSync(file(home))).toBe(false);
    session.type('\r');
    await session.until(`Written: ${file(home)}`);
    await session.until('moongate setup codex --undo');
    await session.until('No gateway answers at http://127.0.0.1:9 yet');
    expect(await session.exit).toBe(0);
    expect(readFileSync(file(home), 'utf8')).toContain('model_provider = "moongate"');
  });

  test.each([
    ['a no', `${RIGHT}\r`, 'en', 'Nothing was written.'],
    ['Ctrl-C', CTRL_C, 'en', 'Nothing was written.'],
    ['a no in Chinese', `${RIGHT}\r`, 'zh', '没有写入任何内容。'],
  ])('%s leaves everything as it was', async (_what, keys, language, words) => {
    using home = new Folder();
    await using session = await begun(home, '--lang', language);
    await session.until(/Write |写入 /);
    session.type(keys);
    await session.until(words);
    expect(await session.exit).toBe(1);
    expect(existsSync(join(home.path, '.codex'))).toBe(false);
    expect(existsSync(join(home.path, '.moongate'))).toBe(false);
  });
});
