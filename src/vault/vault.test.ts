import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { keyFromFile, keyFromText, Vault } from './vault.ts';

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'moongate-vault-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
};
const vault = (key = 'a pass phrase of some length') => new Vault(() => keyFromText(key));

test('what is sealed opens again, under the same name and key only', () => {
  const one = vault();
  const other = vault('another pass phrase');
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, about) => {
      const sealed = one.seal(text, about);
      expect(one.open(sealed, about)).toBe(text);
      expect(one.open(sealed, `${about}x`)).toBeUndefined();
      expect(other.open(sealed, about)).toBeUndefined();
      return text.length < 4 || !sealed.includes(Buffer.from(text).toString('base64'));
    }),
    { numRuns: 30 },
  );
});

test('damage of any byte is noticed, and so is garbage', () => {
  const one = vault();
  const sealed = one.seal('the secret', 'x');
  const bytes = Buffer.from(sealed.slice(3), 'base64');
  for (let at = 0; at < bytes.length; at++) {
    const broken = Buffer.from(bytes);
    broken[at] = (broken[at] ?? 0) ^ 1;
    expect(one.open(`v1.${broken.toString('base64')}`, 'x')).toBeUndefined();
  }
  for (const garbage of ['', 'v1.', 'v2.abc', 'hello']) expect(one.open(garbage, 'x')).toBeUndefined();
});

test('the key file is made once, readable by its owner only', () => {
  const path = join(folder(), 'data', 'secret.key');
  const key = keyFromFile(path);
  expect(key).toHaveLength(32);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(keyFromFile(path).equals(key)).toBe(true);
  writeFileSync(path, 'broken');
  expect(() => keyFromFile(path)).toThrow('cannot be used');
  expect(readFileSync(path, 'utf8')).toBe('broken');
});

test('a key as hex or base64 is taken as it is', () => {
  const bytes = Buffer.alloc(32, 7);
  expect(keyFromText(bytes.toString('hex')).equals(bytes)).toBe(true);
  expect(keyFromText(bytes.toString('base64')).equals(bytes)).toBe(true);
  expect(keyFromText('short')).toHaveLength(32);
});
