import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/javascript';
import { expect, test } from 'vitest';
import { ERRORS, type ErrorCode, GatewayError } from '../errors.ts';
import { SLASH_COMMANDS } from './chat/slash/index.ts';
import { LOCAL_TOOLS } from './chat/tools/index.ts';
import type { CommandEntry, CommandGroup } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { describeFailure } from './describe-failure.ts';
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

interface Place {
  readonly at: string;
  readonly node: SyntaxNode;
  readonly text: string;
}

const KINDS = ['NewExpression', 'ObjectExpression', 'CallExpression'] as const;
type Kind = (typeof KINDS)[number];

/** The expressions in the sources of the command line, with file, line and text. */
function readSources(): Readonly<Record<Kind, readonly Place[]>> {
  const found: Record<Kind, Place[]> = { NewExpression: [], ObjectExpression: [], CallExpression: [] };
  const typescript = parser.configure({ dialect: 'ts' });
  for (const file of globSync('**/*.ts', { cwd: import.meta.dirname }).filter((path) => !path.endsWith('.test.ts'))) {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    const starts = [...source.matchAll(/\n/g)].map(({ index }) => index);
    const cursor = typescript.parse(source).cursor();
    do {
      const kind = KINDS.find((name) => name === cursor.name);
      if (kind === undefined) continue;
      const { from, to, node } = cursor;
      const line = starts.filter((at) => at < from).length + 1;
      found[kind].push({ at: `${file}:${line}`, node, text: source.slice(from, to) });
    } while (cursor.next());
  }
  return found;
}
const sources = readSources();

/** Errors that a person at the terminal meets are Failures and UsageErrors: their types want words in both languages. */
test('no error of this program is in English alone', () => {
  const places = sources.NewExpression;
  expect(places.length).toBeGreaterThan(200);
  expect(places.filter(({ text }) => /^new GatewayError\b/.test(text)).map(({ at }) => at)).toEqual([]);
});

test('what is said in Chinese has Chinese in it', () => {
  const values = ({ node, text }: Place) =>
    new Map(
      node.getChildren('Property').flatMap((property): [string, string][] => {
        const [name, value] = [property.firstChild, property.lastChild];
        const isText = value !== null && ['String', 'TemplateString', 'BinaryExpression'].includes(value.name);
        const slice = (one: SyntaxNode) => text.slice(one.from - node.from, one.to - node.from);
        return name !== null && isText ? [[slice(name), slice(value)]] : [];
      }),
    );
  const pairs = sources.ObjectExpression.map((place) => ({ at: place.at, said: values(place) })).filter(
    ({ said }) => said.has('en') && said.has('zh'),
  );
  expect(pairs.length).toBeGreaterThan(400);
  // A sentence has its own punctuation where its words are names; a name stands in the English words as well.
  const isChinese = (zh: string, en: string) =>
    /[\p{Script=Han}，。、：；！？（）“”]/u.test(zh) || en.includes(zh.slice(1, -1));
  const missing = pairs.filter(({ said }) => !isChinese(said.get('zh') ?? '', said.get('en') ?? ''));
  expect(missing.map(({ at, said }) => `${at} ${said.get('zh')}`)).toEqual([]);
});

test('nothing is written to the terminal in English alone', () => {
  const isProse = (text: string) => /[a-z]{2,}[,:;]? [a-z]{2,}/.test(text.replace(/\$\{[\s\S]*\}/g, ''));
  const written = sources.CallExpression.flatMap(({ at, node, text }) => {
    if (!/^[\w.#]*\b(?:write|tell|warn|show)\(/.test(text)) return [];
    const given = node.getChild('ArgList');
    const texts = [...(given?.getChildren('String') ?? []), ...(given?.getChildren('TemplateString') ?? [])];
    return texts.map((one) => ({ at, said: text.slice(one.from - node.from, one.to - node.from) }));
  });
  expect(written.length).toBeGreaterThan(50);
  expect(written.filter(({ said }) => isProse(said)).map(({ at, said }) => `${at} ${said}`)).toEqual([]);
});

test('every code that a gateway answers with is explained in Chinese, and the advice of the table with it', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { why, hint } = describeFailure(new GatewayError(code), 'zh');
    expect(why, code).toMatch(/\p{Script=Han}/u);
    if (hint !== undefined) expect(hint, code).toMatch(/\p{Script=Han}/u);
    // The English words stay as they are.
    expect(describeFailure(new GatewayError(code), 'en').why).toBe(ERRORS[code].message);
  }
  const { why } = describeFailure(new GatewayError('unknown_model', { message: 'Nobody serves x.' }), 'zh');
  expect(why).toBe('没有这个模型：Nobody serves x.');
});
