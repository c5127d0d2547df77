import { describe, expect, test } from 'vitest';
import { GatewayError } from '../errors.ts';
import { ALIASES } from './aliases.ts';
import { Catalogue } from './catalogue.ts';
import { factsOf, MODELS } from './facts.ts';
import { FOREIGN_FAMILIES } from './foreign-families.ts';
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
  ['claude-opus-4-5', 'kimi-k3.1-pro', 'tier:opus'],
  ['claude-sonnet-4-5-20250929', 'kimi-k2.7-code', 'tier:sonnet'],
  ['claude-sonnet-4-5[1m]', 'kimi-k2.7-code', 'tier:sonnet'],
  ['claude-3-5-haiku-latest', 'kimi-k2.6', 'tier:haiku'],
  ['anthropic/claude-haiku-4.5', 'kimi-k2.6', 'tier:haiku'],
  ['gpt-9-turbo', 'kimi-k2.6', 'tier:sonnet'],
  ['gpt-5.1-codex-max', 'kimi-k2.7-code', 'tier:sonnet'],
  ['gpt-5-nano', 'kimi-k2.6', 'tier:haiku'],
  ['codex-mini-latest', 'kimi-k2.6', 'tier:haiku'],
  ['o3', 'kimi-k3.1-pro', 'tier:opus'],
  ['o4-mini', 'kimi-k2.6', 'tier:haiku'],
  ['gemini-3-pro-preview', 'kimi-k2.6', 'tier:sonnet'],
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

describe('names of other vendors', () => {
  test.each([
    ['opus', 'claude-opus-4-5'],
    ['opus', 'gpt-5-pro'],
    ['sonnet', 'gpt-4o'],
    ['haiku', 'gpt-4.1-mini'],
  ])('%s leads %s', (tier, asked) => {
    expect(short(asked, { tiers: { [tier]: 'kimi-k3' } }).slice(0, 2)).toEqual(['kimi-k3', `tier:${tier}`]);
  });

  test('a tier may be an alias, and name a surface', () => {
    const aliases = { mine: 'moonshot-ai/kimi-k3' };
    expect(short('claude-opus-4', { aliases, tiers: { opus: 'mine' } })).toEqual([
      'kimi-k3',
      'tier:opus',
      'moonshot-ai:kimi-k3',
    ]);
  });

  test('a tier whose model nobody serves is passed over', () => {
    expect(short('claude-haiku-4', { tiers: { haiku: 'kimi-for-coding' } })[0]).toBe('kimi-k2.6');
  });

  test('the closest pattern of the owner goes before tiers, an exact alias before patterns', () => {
    const aliases = {
      'gpt-*': 'kimi-k2.7-code',
      'gpt-5*': 'kimi-k3',
      'gpt-5-mini': 'kimi-k2.6',
      'kimi-*': 'kimi-k2.6',
    };
    const changes = { aliases, tiers: { sonnet: 'kimi-k3.1-pro' } };
    expect(short('gpt-4o', changes).slice(0, 2)).toEqual(['kimi-k2.7-code', 'pattern:gpt-*']);
    expect(short('GPT-5.1', changes).slice(0, 2)).toEqual(['kimi-k3', 'pattern:gpt-5*']);
    expect(short('gpt-5-mini', changes).slice(0, 2)).toEqual(['kimi-k2.6', 'alias']);
    expect(short('kimi-k2.6', changes).slice(0, 2)).toEqual(['kimi-k2.6', 'asked']);
    expect(short('kimi-k3', changes).slice(0, 2)).toEqual(['kimi-k2.6', 'pattern:kimi-*']);
  });

  test('a surface that has the name serves it', () => {
    const surfaces = [{ id: 'router', models: { 'gpt-4o': 'openai/gpt-4o' } }, { id: 'moonshot-cn' }];
    expect(short('gpt-4o', { surfaces })).toEqual(['gpt-4o', 'asked', 'router:openai/gpt-4o']);
  });

  test('every row leads to models that live, and names its source', () => {
    for (const { models, source } of FOREIGN_FAMILIES) {
      for (const model of models) expect(factsOf(model)).toMatchObject({ id: model });
      for (const model of models) expect(factsOf(model)?.retired).toBeUndefined();
      expect(source.length).toBeGreaterThan(10);
    }
  });
});

test('an alias of an alias is followed', () => {
  expect(short('a', { aliases: { a: 'b', b: 'kimi-k3' } }).slice(0, 2)).toEqual(['kimi-k3', 'alias']);
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

describe('a suffix that asks for a search, or for none', () => {
  const found = (asked: string, changes?: Partial<Names>) => {
    const { model, because, search, targets } = resolveModel(asked, names(changes));
    return [model, because, search, targets.map(({ surface, model: id }) => `${surface}:${id}`).join(' ')];
  };

  test.each<[string, string, string, boolean]>([
    ['kimi-k2.6-search', 'kimi-k2.6', 'alias', true],
    ['kimi-k2.6-nosearch', 'kimi-k2.6', 'alias', false],
    ['moonshot/gpt-4o-search', 'kimi-k2.6', 'alias', true],
    ['kimi-k2.5-search', 'kimi-k2.6', 'retired', true],
    ['k2-search', 'kimi-k2.6', 'alias', true],
  ])('%s', (asked, model, because, search) => {
    expect(found(asked)).toEqual([model, because, search, BOTH(model)]);
  });

  test('the web chat, which lists whole names, is asked by them', () => {
    const catalogue = new Catalogue();
    catalogue.update(
      'kimi-web',
      ['k2', 'k2-search', 'kimi-k2.6', 'kimi-k2.6-nosearch'].map((id) => ({ id })),
    );
    const surfaces = [{ id: 'moonshot-cn' }, { id: 'kimi-web' }];
    expect(found('k2-search', { catalogue, surfaces })).toEqual(['k2-search', 'asked', true, 'kimi-web:k2-search']);
    expect(found('kimi-k2.6-nosearch', { catalogue, surfaces })).toEqual([
      'kimi-k2.6',
      'alias',
      false,
      'moonshot-cn:kimi-k2.6 kimi-web:kimi-k2.6-nosearch',
    ]);
  });

  test('the owner’s own alias is that alias', () => {
    const aliases = { 'kimi-search': 'kimi-k3' };
    expect(found('kimi-search', { aliases }).slice(0, 3)).toEqual(['kimi-k3', 'alias', undefined]);
  });

  test('a name that only has it by chance is that name', () => {
    const surfaces = [{ id: 'other', models: { 'deep-search': 'deep-search-v2' } }];
    expect(found('deep-search', { surfaces })).toEqual(['deep-search', 'asked', undefined, 'other:deep-search-v2']);
    expect(() => found('nobody-search', { surfaces })).toThrow(/does not exist/);
  });
});
