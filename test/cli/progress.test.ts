import { describe, expect, test } from 'vitest';
import { completion, sendJson, startFakeSurface } from '../fake-surface.ts';
import { Folder, hasPython, moongate, Session } from './moongate.ts';

const KEY = 'sk-progress-0123456789abcdef';

describe('what takes longer than a second says so', () => {
  const surroundings = (folder: Folder, baseUrl: string) => ({
    cwd: folder.path,
    env: { MOONSHOT_API_KEY_CN: KEY, MOONGATE_MOONSHOT_CN_BASE_URL: baseUrl, LANG: 'en_US.UTF-8' },
  });

  test.skipIf(!hasPython)('at a terminal, and is wiped before the answer', async () => {
    using folder = new Folder();
    const { promise: seen, resolve: release } = Promise.withResolvers<void>();
    await using surface = await startFakeSurface(async (_, response) => {
      await seen;
      sendJson(response, 200, completion('Here I am.'));
    });
    const args = ['chat', '--no-stream', '--model', 'kimi-k2.6', 'Hello?'];
    await using session = Session.inTerminal(args, surroundings(folder, surface.baseUrl));
    await session.until('waiting for the answer… 1 s');
    await session.until('waiting for the answer… 2 s');
    release();
    await session.until('Here I am.');
    expect(await session.exit).toBe(0);
    const [, behind = ''] = session.raw.split('waiting for the answer… 2 s');
    expect(behind.startsWith('\r\u001b[2K')).toBe(true);
  });

  test('and nowhere else', async () => {
    using folder = new Folder();
    await using surface = await startFakeSurface((_, response) => sendJson(response, 200, completion('Here I am.')));
    const args = ['chat', '--no-stream', '--model', 'kimi-k2.6', 'Hello?'];
    expect(await moongate(args, surroundings(folder, surface.baseUrl))).toMatchObject({
      code: 0,
      stdout: 'Here I am.\n',
      stderr: '',
    });
  });
});
