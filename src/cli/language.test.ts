import { expect, test } from 'vitest';
import { chooseLanguage, phrase } from './language.ts';

test.each([
  [[], undefined, 'en'],
  [[], 'zh_CN.UTF-8', 'zh'],
  [[], 'C.UTF-8', 'en'],
  [['--lang', 'en'], 'zh_CN.UTF-8', 'en'],
  [['models', '--lang=zh'], 'en_US', 'zh'],
  [['--lang', 'de'], undefined, 'en'],
] as const)('%j with the locale %s speaks %s', (argv, locale, expected) => {
  expect(chooseLanguage(argv, locale)).toBe(expected);
});

test('a phrase is told in the language, and a plain string in every one', () => {
  expect(phrase({ en: 'stop', zh: '停止' }, 'zh')).toBe('停止');
  expect(phrase('moongate', 'zh')).toBe('moongate');
});
