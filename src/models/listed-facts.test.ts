import { expect, test } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { factsFromList } from './listed-facts.ts';
import { resolveModel } from './resolve.ts';

const efforts = { support: true, valid_efforts: ['max', 'low', 'high'], default_effort: 'max' };
const K4 = { id: 'kimi-k4', context_length: 2_097_152, supports_thinking_type: 'only', supports_image_in: true };

test.each([
  { listed: { ...K4, reasoning_efforts: efforts }, family: 'k3', thinking: 'always', efforts: ['low', 'high', 'max'] },
  { listed: K4, family: 'k2-thinking', thinking: 'always', efforts: [] },
  { listed: { ...K4, supports_thinking_type: 'both' }, family: 'k2-toggle', thinking: 'toggle', efforts: [] },
  { listed: { id: 'old', supports_reasoning: false }, family: 'k2-plain', thinking: 'none', efforts: [] },
])('a new model is of the family of its kin: $family', ({ listed, ...expected }) => {
  expect(factsFromList(listed, 'moonshot-cn')).toMatchObject({ id: listed.id, ...expected });
});

test('a list without such members tells nothing', () => {
  expect(factsFromList({ id: 'gpt-9' }, 'other')).toBeUndefined();
  expect(factsFromList(undefined, 'other')).toBeUndefined();
});

test('a known model keeps its row, a new one gets what the list tells', () => {
  const catalogue = new Catalogue();
  catalogue.update('moonshot-cn', [K4, { id: 'kimi-k3', context_length: 1, supports_thinking_type: 'no' }]);
  const names = { surfaces: [{ id: 'moonshot-cn' }], aliases: {}, catalogue };
  expect(resolveModel('kimi-k4', names).targets[0]?.facts?.context).toBe(2_097_152);
  expect(resolveModel('kimi-k3', names).targets[0]?.facts?.family).toBe('k3');
});
