import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from '../conversations/answers.ts';
import { conversationRig, messagesOf } from '../conversations/rig.ts';
import { Folder, moongate } from './moongate.ts';

test('conversations of a running gateway: list, show, export, fork, delete', async () => {
  using folder = new Folder();
  await using it = await conversationRig();
  for (const content of ['你好\u001b[2J\nsim: say one\nsim: turn 2\nsim: say two', 'And?'])
    await textOf(await it.say('film', content));
  await textOf(await it.say('other', 'sim: say nothing'));
  const run = (...args: string[]) => moongate(['conversations', ...args, '--url', it.rig.url], { cwd: folder.path });

  const list = await run('list');
  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(list.stdout).toMatch(/^ID +USED +TURNS +SIZE +MODEL +TITLE\nother .*\nfilm +\S+ \S+ +2 .*kimi-k2\.6 +你好/);
  const { conversations } = JSON.parse((await run('list', '--search', 'AND?', '--json')).stdout);
  expect(conversations.map(({ id }: { id: string }) => id)).toEqual(['film']);
  expect((await run('list', '--search', 'nobody said this')).stdout).toBe('There are none.\n');
  expect((await run('list', '--search', 'nobody said this', '--lang', 'zh')).stdout).toBe('没有对话。\n');

  const [, answer] = messagesOf(await it.json('/v1/conversations/film'));
  const shown = await run('show', 'film');
  expect(shown.stdout).toContain(`assistant  ${answer?.id}\none\n`);
  expect(shown.stdout).not.toContain('\u001b');

  expect((await run('export', 'film')).stdout).toContain('## Assistant\n\ntwo\n');
  expect((await run('export', 'film', '--format', 'json', '--output', 'film.json')).code).toBe(0);
  expect(JSON.parse(readFileSync(join(folder.path, 'film.json'), 'utf8'))).toMatchObject({ id: 'film', turns: 2 });
  expect((await run('export', 'film', '--output', 'film.json')).stderr).toContain('exists already');
  expect((await run('export', 'film', '--format', 'pdf')).code).toBe(2);

  expect((await run('fork', 'film', '--at', answer?.id ?? '', '--as', 'cut')).stdout).toBe('cut\n');
  expect(await it.told('cut')).toHaveLength(2);
  expect((await run('delete', 'film', 'cut')).stdout).toBe('deleted film\ndeleted cut\n');
  const gone = await run('show', 'film');
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining("no conversation 'film'")]);
}, 60_000);
