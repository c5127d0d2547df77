import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { runHere } from './in-process.ts';

const scripts = new Map<string, string>();
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) scripts.set(shell, (await runHere(['completion', shell])).stdout);
});

/** What bash offers for the words typed, the last one unfinished. */
function offered(...words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const program = `${scripts.get('bash')}
COMP_WORDS=(moongate ${quoted}); COMP_CWORD=${words.length}; _moongate; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(!has('bash'))('in bash', () => {
  test('completes commands, commands behind them, and options', () => {
    expect(offered('mig')).toEqual(['migrate-store', 'migrate']);
    expect(offered('config', '')).toEqual(['check', 'show', '--lang']);
    expect(offered('config', 'check', '--co')).toEqual(['--config']);
    expect(offered('models', 's')).toEqual(['set']);
    expect(offered('chat', '--model', 'k25', '--thi')).toEqual(['--think']);
    expect(offered('chat', '-')).toEqual(expect.arrayContaining(['-p', '--prompt', '--no-search']));
    expect(offered('setup', 'cl')).toEqual(['clawdbot', 'claude-code', 'cline']);
    expect(offered('setup', 'codex', '--un')).toEqual(['--undo']);
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish', '--lang']);
    expect(offered('nothing', 'x')).toEqual([]);
  });
});

test.each(['zsh', 'fish'].filter(has))('%s can read its script', (shell) => {
  expect(spawnSync(shell, ['-n'], { input: scripts.get(shell), encoding: 'utf8' })).toMatchObject({ status: 0 });
});

test('zsh and fish are told every command with what it does', () => {
  expect(scripts.get('zsh')).toContain("'serve:run the gateway'");
  expect(scripts.get('fish')).toContain(`complete -c moongate -f -n '__moongate_at "config"' -a check -d `);
  expect(scripts.get('fish')).toContain(`-n '__moongate_at "chat"' -s p -l prompt -r -d `);
});

test('another shell is refused with those that there are', async () => {
  const { code, stderr } = await runHere(['completion', 'tcsh']);
  expect([code, stderr]).toEqual([2, 'moongate: There is a completion for bash, zsh, fish, not for "tcsh".\n']);
});
