import { describe, expect, test } from 'vitest';
import { mergeDocument } from './document.ts';
import type { FormatName } from './format.ts';
import { Entries, type WantedMap } from './wanted.ts';

/** Merges, and checks that doing it again changes nothing. */
function merge(format: FormatName, text: string, wanted: WantedMap): string {
  const merged = mergeDocument({ name: 'file', format, text }, wanted);
  expect(mergeDocument({ name: 'file', format, text: merged }, wanted)).toBe(merged);
  return merged;
}

describe('JSON5', () => {
  test('comments, quotes, order and commas stay as they were', () => {
    const text = `// mine
{
  agents: { workspace: '~/x' /* here */ }, // tail
  list: [
    { id: 'a', v: 1 }, // one
  ],
  // the end
}
`;
    const wanted = {
      agents: { model: 'k25' },
      list: new Entries('id', [
        { id: 'a', v: 2 },
        { id: 'b', v: 1 },
      ]),
      mode: 'merge',
    };
    expect(merge('json5', text, wanted)).toBe(`// mine
{
  agents: { workspace: '~/x', /* here */ model: "k25" }, // tail
  list: [
    { id: 'a', v: 2 }, // one
    { id: "b", v: 1 },
  ],
  // the end
  mode: "merge",
}
`);
  });

  test.each([
    ['', '{\n  "a": { "b": 1, "c": "x" }\n}\n'],
    ['{}', '{\n  "a": { "b": 1, "c": "x" }\n}'],
    ['{ /* nothing */ }', '{ /* nothing */\n  "a": { "b": 1, "c": "x" }\n}'],
    ['// only a word\n', '// only a word\n{\n  "a": { "b": 1, "c": "x" }\n}\n'],
    ['{"z":1}', '{"z":1, "a": { "b": 1, "c": "x" }}'],
    ['{"a":null}', '{"a":{ "b": 1, "c": "x" }}'],
    ['{\n\t"a": {\n\t\t"b": 2\n\t}\n}\n', '{\n\t"a": {\n\t\t"b": 1,\n\t\t"c": "x"\n\t}\n}\n'],
    ['{a: {b: 2,},}', '{a: {b: 1, c: "x",},}'],
    ['{"a":{"b":9},"a":{"b":2}}', '{"a":{"b":9},"a":{"b":1, "c": "x"}}'],
    ['\ufeff{\r\n  "z": "ü"\r\n}\r\n', '\ufeff{\r\n  "z": "ü",\r\n  "a": { "b": 1, "c": "x" }\r\n}\r\n'],
  ])('%j', (text, expected) => expect(merge('json5', text, { a: { b: 1, c: 'x' } })).toBe(expected));

  test('all that JSON5 allows is read', () => {
    const text = `{n: [+1, -.5, 0x1F, 1e3, Infinity, -Infinity], s: 'it\\'s \\x41\\u0042\\
c', t: true, u: null, "k-1": [1, 2,], 5: 1}`;
    const same = { s: "it's ABc", t: true, 'k-1': [1, 2], n: [1, -0.5, 31, 1000, Number.POSITIVE_INFINITY, -Infinity] };
    expect(mergeDocument({ name: 'f', format: 'json5', text }, same)).toBe(text);
  });
});

describe('strict JSON', () => {
  test('is merged, and refuses what its reader would refuse', () => {
    expect(merge('json', '{\n    "a": 1\n}', { b: [1, 'x'] })).toBe('{\n    "a": 1,\n    "b": [1, "x"]\n}');
    expect(() => merge('json', '{"a": 1} // no', { b: 1 })).toThrow('comments, trailing commas and bare keys');
  });
});

describe('TOML', () => {
  const text = `# mine
model = "gpt" # which
text = """
[not.a.table]
"""

[mcp_servers.files] # mine too
  args = [ "a", # one
    "b" ]
[other]
model = "x"`;

  test('values are replaced in place, new ones follow their table, new tables the text', () => {
    const wanted = {
      model: 'kimi',
      model_provider: 'moongate',
      mcp_servers: { files: { enabled: true } },
      model_providers: { moongate: { name: 'm', 'odd key': { a: 1 } } },
    };
    expect(merge('toml', text, wanted)).toBe(`# mine
model = "kimi" # which
text = """
[not.a.table]
"""
model_provider = "moongate"

[mcp_servers.files] # mine too
  args = [ "a", # one
    "b" ]
  enabled = true
[other]
model = "x"

[model_providers.moongate]
name = "m"

[model_providers.moongate."odd key"]
a = 1
`);
  });

  test('dotted keys get a neighbour, a root without keys gets its first', () => {
    expect(merge('toml', 'a.b = 1\n', { a: { c: 2 } })).toBe('a.b = 1\na.c = 2\n');
    expect(merge('toml', '[t]\nx = 1\n', { a: 2 })).toBe('a = 2\n\n[t]\nx = 1\n');
    expect(merge('toml', '[t]', { t: { x: 1 } })).toBe('[t]\nx = 1\n');
    expect(merge('toml', '"a b".c = \'x\'\n', { 'a b': { c: 'y' } })).toBe('"a b".c = "y"\n');
  });

  test('what cannot be edited safely is refused', () => {
    const wanted = { a: { b: { c: 1 } } };
    expect(() => merge('toml', 'a = { b = { d = 1 } }\n', wanted)).toThrow('cannot be edited safely (a.b.c)');
    expect(() => merge('toml', '[[a]]\nb = 1\n', wanted)).toThrow('a holds something else than a map');
  });
});

describe('YAML', () => {
  test('comments, the style of lists and the order stay', () => {
    const text = '# mine\nname: X # which\nmodels:\n- name: other # theirs\n  model: m\n\n# the end\n';
    const wanted = {
      schema: 'v1',
      models: new Entries('name', [
        { name: 'Kimi', roles: ['chat'] },
        { name: 'other', model: 'n' },
      ]),
    };
    expect(merge('yaml', text, wanted)).toBe(
      '# mine\nname: X # which\nmodels:\n- name: other # theirs\n  model: n\n- name: Kimi\n  roles:\n  - chat\nschema: v1\n\n# the end\n',
    );
  });

  test('an empty file, or one of comments alone, begins', () => {
    expect(merge('yaml', '', { a: { b: 1 } })).toBe('a:\n  b: 1\n');
    expect(merge('yaml', '# words\n', { a: [1] })).toBe('# words\na:\n  - 1\n');
    expect(() => merge('yaml', 'a: 1\n---\nb: 1\n', { c: 1 })).toThrow('more than one document');
  });
});

describe('.env', () => {
  test('lines are replaced where they stand, or follow', () => {
    const text = '# mine\nA="1\n2" # why\nexport B = x\nA=3\n#C=4';
    expect(merge('env', text, { A: 'y', B: 'a b', C: "it's", D: 'sk-1,sk-2' })).toBe(
      '# mine\nA="1\n2" # why\nexport B = \'a b\'\nA=y\n#C=4\nC="it\'s"\nD=sk-1,sk-2\n',
    );
  });
});

test.each<[FormatName, string, string]>([
  ['json5', '{\n  a: {\n', 'file:3 is not valid JSON5: a "}" is missing'],
  ['json5', '{"a" 1}', 'file:1 is not valid JSON5'],
  ['json5', '{a: 1,, b: 2}', 'a value is missing before this comma'],
  ['json5', '{a: run()}', 'this is no value of JSON5'],
  ['json5', '{...a}', 'this is no `key: value`'],
  ['json5', '{a: 1} {b: 2}', 'something stands behind the value'],
  ['json5', '[1]', 'it holds no map of settings'],
  ['json5', '{a: {b: 1}, c: "x\n"}', 'is not valid JSON5'],
  ['yaml', 'a: [1', 'file:1 is not valid YAML'],
  ['yaml', '- 1', 'it holds no map of settings'],
  ['toml', 'x = 1\na = \n', 'file:2 is not valid TOML'],
  ['env', '{"a": 1}', 'it looks like another format'],
  ['json5', '{a: 5}', 'a holds something else than a map of settings'],
  ['yaml', 'a: 5', 'a holds something else than a map of settings'],
])('a broken %s file is refused: %j', (format, text, message) => {
  expect(() => mergeDocument({ name: 'file', format, text }, { a: { b: 1 } })).toThrow(message);
});

test('a broken line is not quoted: it may hold a key', () => {
  for (const format of ['json5', 'yaml', 'toml'] as const) {
    const attempt = () => mergeDocument({ name: 'file', format, text: 'key = [sk-secret-0123456789' }, { a: 1 });
    expect(attempt).toThrow('Nothing was written');
    expect(attempt).not.toThrow(/0123456789/);
  }
});
