import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { Folder, moongate } from './moongate.ts';

/** Whoever has one key, of whatever product, gets an answer without naming a model. */

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({
    webAccounts: [
      { id: 'chat', refreshToken: 'sim-web-refresh-chat' },
      { id: 'init', refreshToken: 'sim-web-refresh-init' },
    ],
  });
});
afterAll(() => simulator.close());

const hosts = () => ({
  MOONGATE_MOONSHOT_CN_BASE_URL: simulator.cnBaseUrl,
  MOONGATE_MOONSHOT_AI_BASE_URL: simulator.aiBaseUrl,
  MOONGATE_KIMI_CODE_BASE_URL: simulator.codeBaseUrl,
  MOONGATE_KIMI_WEB_BASE_URL: simulator.webBaseUrl,
});

describe('chat', () => {
  test.each([
    ['MOONSHOT_API_KEY_CN', 'sk-sim-cn', 'moonshot-cn'],
    ['MOONSHOT_API_KEY_AI', 'sk-sim-ai', 'moonshot-ai'],
    ['KIMI_API_KEY', 'sk-kimi-sim', 'kimi-code'],
    ['KIMI_TOKENS', 'sim-web-refresh-chat', 'kimi-web'],
  ])('with %s alone', async (variable, key, surface) => {
    using folder = new Folder();
    const env = { ...hosts(), [variable]: key };
    const args = ['chat', '--json', '-p', 'Hello?'];
    const { code, stdout } = await moongate(args, { cwd: folder.path, env });
    expect(JSON.parse(stdout)).toMatchObject({ surface, asked: 'k25', complete: true });
    expect(code).toBe(0);
  });
});

describe('init', () => {
  test('with a key of Kimi Code alone', async () => {
    using folder = new Folder();
    const args = ['init', '--yes', '--key', 'sk-kimi-sim'];
    const { code, stdout } = await moongate(args, { cwd: folder.path, env: hosts() });
    expect(stdout).toMatch(/kimi-for-coding on kimi-code says: \S/);
    expect(code).toBe(0);
  });

  test('tries every surface that got a key, and tells which one refuses', async () => {
    using folder = new Folder();
    const wrong = 'sk-kimi-wrong-0123456789abcdef';
    const args = ['init', '--yes', '--key', 'sk-sim-ai', '--key', wrong];
    const { code, stdout } = await moongate(args, { cwd: folder.path, env: hosts() });
    expect(stdout).toMatch(/kimi-k2\.6 on moonshot-ai says: \S/);
    expect(stdout).toMatch(/The test request on kimi-code failed: .*(?:invalid|expired)/);
    expect(stdout).not.toContain(wrong);
    expect(code).toBe(1);
  });
});
