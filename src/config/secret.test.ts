import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

const VALUE = 'sk-kimi-0123456789-tail';
const ways: Readonly<Record<string, (secret: Secret) => string>> = {
  'JSON.stringify': (secret) => JSON.stringify({ deep: [{ secret }] }),
  'util.inspect': (secret) => inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
  'util.format %o': (secret) => format('%o %O %s %j', secret, secret, secret, secret),
  template: (secret) => `${secret}`,
  concatenation: (secret) => `${'' + String(secret)}`,
  structuredClone: (secret) => inspect(structuredClone({ secret }), { showHidden: true, depth: 9 }),
  'Object.entries': (secret) => JSON.stringify(Object.entries(secret)) + JSON.stringify({ ...secret }),
  'own property names': (secret) => Reflect.ownKeys(secret).map(String).join(),
};

test.each(Object.entries(ways))('%s does not show the value', (_name, look) => {
  expect(look(new Secret(VALUE))).not.toContain('0123456789');
});

test('shows the last four characters of a long value and nothing of a short one', () => {
  expect(String(new Secret(VALUE))).toBe('…tail');
  expect(new Secret(VALUE).last4).toBe('tail');
  expect(String(new Secret('short-one'))).toBe('***');
  expect(new Secret('short-one').last4).toBe('');
});

test('reveals the value on request and compares by value', () => {
  expect(new Secret(VALUE).reveal()).toBe(VALUE);
  expect(new Secret(VALUE).equals(new Secret(VALUE))).toBe(true);
  expect(new Secret(VALUE).equals(new Secret('other'))).toBe(false);
});
