import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readDocument } from '../../src/cli/edit/document.ts';
import { ALIASES, PROVIDER_PREFIXES } from '../../src/models/aliases.ts';
import { factsOf } from '../../src/models/facts.ts';
import { runHere } from './in-process.ts';
import { Folder } from './moongate.ts';

/** skills/kimi-integration/SKILL.md says what the catalogue knows, and what `moongate setup` writes. */

const ROOT = resolve(import.meta.dirname, '../..');
const SKILL = readFileSync(join(ROOT, 'skills/kimi-integration/SKILL.md'), 'utf8');

interface Crab {
  readonly models: {
    readonly mode: string;
    readonly providers: Readonly<
      Record<string, { readonly api: string; readonly models: readonly Readonly<Record<string, unknown>>[] }>
    >;
  };
  readonly agents: {
    readonly defaults: {
      readonly model: { readonly primary: string };
      readonly models: Readonly<Record<string, { readonly alias: string }>>;
    };
  };
}

const block = readDocument({
  name: 'SKILL.md',
  format: 'json5',
  text: /```json5\n([\s\S]*?)```/.exec(SKILL)?.[1] ?? '',
}) as unknown as Crab;

test('the package has it, with a name and a description', () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toContain('skills');
  expect(SKILL).toMatch(/^---\nname: kimi-integration\ndescription: .{80,}\n---\n/);
});

test('its models are those of the catalogue, with their prices and windows', () => {
  for (const { models } of Object.values(block.models.providers)) {
    for (const { id, cost, contextWindow } of models) {
      const facts = factsOf(String(id));
      expect(facts?.retired, String(id)).toBeUndefined();
      const price = facts?.prices.find(({ currency }) => currency === 'USD');
      expect(cost).toMatchObject({
        input: price?.input ?? 0,
        output: price?.output ?? 0,
        cacheRead: price?.cached ?? 0,
      });
      expect(Number(contextWindow)).toBeLessThanOrEqual(facts?.context ?? 0);
    }
  }
  const named = [...SKILL.matchAll(/`(kimi-(?:k|for)[\w.-]*)`/g)].map(([, name]) => name ?? '');
  expect(named.length).toBeGreaterThan(3);
  for (const name of named) expect(factsOf(name), name).toBeDefined();
  for (const retired of named.filter((name) => factsOf(name)?.retired !== undefined)) {
    expect(SKILL).toMatch(
      new RegExp(`${retired}[\\s\\S]{0,80}taken out of service on ${factsOf(retired)?.retired?.on}`),
    );
  }
});

test('its providers, aliases and default are what `moongate setup` writes', async () => {
  using home = new Folder();
  const args = ['setup', 'clawdbot', '--yes', '--home', home.path, '--url', 'http://gate.test:9000'];
  expect((await runHere(args)).code).toBe(0);
  const path = join(home.path, '.clawdbot/clawdbot.json');
  const written = readDocument({
    name: path,
    format: 'json5',
    text: readFileSync(path, 'utf8'),
  }) as unknown as Crab;
  expect(Object.keys(written.models.providers)).toEqual(Object.keys(block.models.providers));
  expect(written.models.mode).toBe(block.models.mode);
  expect(written.agents.defaults).toEqual(block.agents.defaults);
  for (const { alias } of Object.values(block.agents.defaults.models)) {
    expect(ALIASES.map(({ name }) => name)).toContain(alias);
  }
  for (const provider of Object.keys(block.models.providers)) expect(PROVIDER_PREFIXES).toContain(provider);
});

test('every moongate command that it names is one', async () => {
  const lines = [...SKILL.matchAll(/`moongate ([a-z][^`]*)`/g)].map(([, line]) => line ?? '');
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) {
    const words = line.split(' ').filter((word) => /^[a-z][a-z-]*$/.test(word));
    const { code, stderr } = await runHere([...words.slice(0, 1), '--help']);
    expect([line, code, stderr]).toEqual([line, 0, '']);
    const flags = line.match(/--[a-z-]+/g) ?? [];
    const help = (await runHere([...(words[1] === 'set' ? ['models', 'set'] : words.slice(0, 1)), '--help'])).stdout;
    for (const flag of flags) expect(help).toContain(flag);
  }
});
