import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { QUIRKS } from '../../scripts/quirks/index.ts';
import { renderQuirks } from '../../scripts/render-quirks.ts';
import { RULES } from '../../src/dialect/rules/index.ts';

const ids = new Set(RULES.map(({ id }) => id));

test('all seventy differences are answered, each once and in order', () => {
  expect(QUIRKS.map(({ id }) => id)).toEqual(Array.from({ length: 70 }, (_, index) => `Q${index + 1}`));
});

test.each(QUIRKS)('$id: $question', ({ rules = [], code = [], answer = '' }) => {
  expect(rules.length + code.length + answer.length).toBeGreaterThan(0);
  expect(rules.filter((id) => !ids.has(id))).toEqual([]);
  expect(code.filter((path) => !existsSync(path))).toEqual([]);
});

test('every rule answers one of them', () => {
  const named = new Set(QUIRKS.flatMap(({ rules = [] }) => rules));
  // OpenAI's own refusal, which Kimi is not known for; what the platform has and the other surfaces have not; and a kind
  // of tools that is younger than the list.
  expect([...ids].filter((id) => !named.has(id)).sort()).toEqual(['custom-tools', 'logprobs', 'stream-options']);
});

test('the page is made from the list', () => {
  expect(readFileSync('docs/quirks.md', 'utf8')).toBe(renderQuirks());
});
