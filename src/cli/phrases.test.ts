import { expect, test } from 'vitest';
import { SLASH_COMMANDS } from './chat/slash/index.ts';
import { LOCAL_TOOLS } from './chat/tools/index.ts';
import type { CommandEntry, CommandGroup } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import type { Phrase } from './language.ts';

/** Every word of the table of commands, with the place where it stands. */
async function* phrases(entry: CommandEntry | CommandGroup, before = ''): AsyncGenerator<readonly [string, Phrase]> {
  const name = `${before}${entry.name}`;
  yield [`${name}: summary`, entry.summary];
  const inner = 'commands' in entry ? entry.commands : (entry.subcommands ?? []);
  for (const child of inner) yield* phrases(child, `${name} `);
  if ('commands' in entry) return;
  const { details, options, examples = [] } = await entry.load();
  if (details !== undefined) yield [`${name}: details`, details];
  for (const { flags, summary } of options) yield [`${name}: ${flags}`, summary];
  for (const { line, what } of examples) yield [`${name}: ${line}`, what];
}

test('everything that a command says of itself is said in Chinese, too', async () => {
  const found: (readonly [string, Phrase])[] = [];
  for (const entry of COMMANDS) for await (const one of phrases(entry)) found.push(one);
  for (const { name, summary } of [...SLASH_COMMANDS, ...LOCAL_TOOLS]) found.push([`/${name}`, summary]);
  const missing = found.filter(([, words]) => typeof words === 'string' || !/\p{Script=Han}/u.test(words.zh));
  expect(found.length).toBeGreaterThan(100);
  expect(missing.map(([place]) => place)).toEqual([]);
});

test('every command has an example, or nothing to choose', async () => {
  const without: string[] = [];
  const look = async (entry: CommandEntry, before: string) => {
    const { examples = [], options } = await entry.load();
    if (examples.length === 0 && options.length > 0) without.push(`${before}${entry.name}`);
    for (const child of entry.subcommands ?? []) await look(child, `${before}${entry.name} `);
  };
  for (const entry of COMMANDS) {
    if ('commands' in entry) for (const child of entry.commands) await look(child, `${entry.name} `);
    else await look(entry, '');
  }
  expect(without).toEqual([]);
});
