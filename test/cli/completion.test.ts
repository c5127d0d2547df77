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

/** What zsh is told to offer, as `name:what it is`. */
function described(...words: readonly string[]): readonly string[] {
  const program = `compdef() { }; _files() { print files }; _describe() { print -rl -- "\${(@P)2}" }
${scripts.get('zsh')}
words=(moongate ${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length + 1}; _moongate`;
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

test.skipIf(!has('zsh'))('in zsh every command and option is offered with what it is', () => {
  const commands = described('');
  expect(commands).toContain('serve:run the gateway');
  expect(commands.length).toBeGreaterThan(20);
  expect(described('config', '')).toEqual(expect.arrayContaining([expect.stringMatching(/^check:/)]));
  expect(described('models', 'set', '--')).toContain("--file:the client's file, where it lies elsewhere");
  expect(described('setup', 'c')).toContain('claude-code:Claude Code');
  expect(described('nothing', '')).toEqual(commands);
});

test.skipIf(!has('fish'))('fish offers commands, words and options', () => {
  const offers = (line: string) => {
    const program = `${scripts.get('fish')}\ncomplete -C '${line}'`;
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', program], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n');
  };
  expect(offers('moongate conf')).toContain('config\tlook at the configuration');
  expect(offers('moongate setup cla')).toEqual(
    expect.arrayContaining(['claude-code\tClaude Code', 'clawdbot\tClawdbot']),
  );
  expect(offers('moongate models set --fi')).toContain("--file\tthe client's file, where it lies elsewhere");
});

/** Both shells quote alike, and bash is nearly everywhere. */
test.skipIf(!has('bash'))('what zsh reads is quoted as a shell wants it', () => {
  const lists = [...(scripts.get('zsh') ?? '').matchAll(/words_here=\(([\s\S]*?)\n {6}\) ;;/g)].map(
    ([, words]) => words,
  );
  expect(lists.length).toBeGreaterThan(30);
  const program = lists.map((words) => `words=(${words}); printf '%s\\n' "\${words[@]}"`).join('\n');
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toContain("--file:the client's file, where it lies elsewhere\n");
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
