import { describe, expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { ALIASES } from './aliases.ts';
import { Catalogue } from './catalogue.ts';
import { factsOf, MODELS } from './facts.ts';
import { type Names, resolveModel } from './resolve.ts';

function names(changes: Partial<Names> = {}): Names {
  return {
    surfaces: [{ id: 'moonshot-cn' }, { id: 'moonshot-ai' }],
    aliases: {},
    catalogue: new Catalogue(),
    ...changes,
  };
}

const short = (asked: string, changes?: Partial<Names>) => {
  const { model, because, targets } = resolveModel(asked, names(changes));
  return [model, because, targets.map(({ surface, model: id }) => `${surface}:${id}`).join(' ')];
};
const BOTH = (model: string) => `moonshot-cn:${model} moonshot-ai:${model}`;

test.each([
  ['kimi-k2.6', 'kimi-k2.6', 'asked'],
  ['k25', 'kimi-k2.6', 'alias'],
  ['k2', 'kimi-k2.6', 'alias'],
  ['k1.5', 'kimi-k2.6', 'alias'],
  ['gpt-4o', 'kimi-k2.6', 'alias'],
  ['gpt-3.5-turbo', 'kimi-k2.6', 'alias'],
  ['moonshot/kimi-k2.5', 'kimi-k2.6', 'retired'],
  ['moonshot/kimi-k2.6', 'kimi-k2.6', 'alias'],
  ['kimi-k2-thinking', 'kimi-k2.7-code', 'retired'],
  // The coding surface has no credential here, so the coding model of the platform serves.
  ['kimi', 'kimi-k2.7-code', 'alias'],
  ['claude-opus-4-5', 'kimi-k2.7-code', 'alias'],
  ['gpt-9-turbo', 'kimi-k2.6', 'alias'],
  ['k2p5', 'kimi-k2.7-code', 'alias'],
])('%s is served by %s (%s)', (asked, model, because) => {
  expect(short(asked)).toEqual([model, because, BOTH(model)]);
});

test('the surface before the slash is taken at its word', () => {
  expect(short('moonshot-ai/kimi-k3')).toEqual(['kimi-k3', 'alias', 'moonshot-ai:kimi-k3']);
});

test('the owner’s aliases come first, and may name built-in ones', () => {
  expect(short('k25', { aliases: { k25: 'kimi-k3' } })[0]).toBe('kimi-k3');
  expect(short('mine', { aliases: { mine: 'k25' } })[0]).toBe('kimi-k2.6');
});

describe('the surface’s own list', () => {
  const listing = (...ids: string[]) => {
    const catalogue = new Catalogue();
    for (const surface of ['moonshot-cn', 'moonshot-ai'])
      catalogue.update(
        surface,
        ids.map((id) => ({ id })),
      );
    return { catalogue };
  };

  test('wins over what the catalogue calls retired', () => {
    expect(short('kimi-k2.5', listing('kimi-k2.5', 'kimi-k2.6'))).toEqual(['kimi-k2.5', 'asked', BOTH('kimi-k2.5')]);
  });

  test('leads an alias to the first model that is there', () => {
    expect(short('k25', listing('kimi-k3.1-pro'))[0]).toBe('kimi-k3.1-pro');
  });

  test('knows models that the facts do not know', () => {
    expect(short('kimi-k4', listing('kimi-k4'))).toEqual(['kimi-k4', 'asked', BOTH('kimi-k4')]);
  });

  test('an unknown name is refused once the lists are known, and passed on before', () => {
    expect(short('kimi-k4')[0]).toBe('kimi-k4');
    expect(() => short('kimi-k4', listing('kimi-k2.6', 'kimi-k3'))).toThrow(
      /does not exist here.*Did you mean 'kimi-k3'/,
    );
  });
});

test('a map of models is the whole truth about its surface', () => {
  const surfaces = [{ id: 'openrouter', models: { 'kimi-k2.6': 'moonshotai/kimi-k2.6' } }];
  expect(short('kimi-k2.6', { surfaces })).toEqual(['kimi-k2.6', 'asked', 'openrouter:moonshotai/kimi-k2.6']);
  expect(() => short('nobody-9', { surfaces })).toThrow(GatewayError);
});

test('a model of a surface without a credential says so', () => {
  expect(() => short('kimi-for-coding')).toThrow(/served by kimi-code, for which there is no credential/);
});

test('names of clients cannot reach into objects, and hostile ones cost nothing', () => {
  const catalogue = new Catalogue();
  catalogue.update('moonshot-cn', [{ id: 'kimi-k3' }]);
  catalogue.update('moonshot-ai', []);
  for (const asked of ['__proto__', 'constructor', 'toString', '/', 'a/', 'x'.repeat(100_000)]) {
    expect(() => short(asked, { catalogue })).toThrow(GatewayError);
  }
});

test('every alias and every successor leads to a model that lives', () => {
  for (const { models } of ALIASES) for (const model of models) expect(factsOf(model)?.retired).toBeUndefined();
  for (const { models } of ALIASES) for (const model of models) expect(factsOf(model)).toBeDefined();
  for (const { retired } of MODELS) if (retired) expect(factsOf(retired.successor)?.retired).toBeUndefined();
});

test('every row of the facts has a source and a day', () => {
  for (const { source, seen } of MODELS) {
    expect(source.length).toBeGreaterThan(10);
    expect(seen).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});
