import { expect, test } from 'vitest';
import { Notes } from '../notes.ts';
import { toHubReasoning } from './reasoning-item.ts';
import { openReasoning, sealReasoning } from './reasoning-seal.ts';

test('a seal opens, and is refused when a character of it is changed', () => {
  const sealed = sealReasoning('想一想 🌙 '.repeat(50));
  expect(openReasoning(sealed)).toBe('想一想 🌙 '.repeat(50));
  expect(sealed.length).toBeLessThan(200);
  for (let at = 0; at < sealed.length - 1; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(openReasoning(changed)).toBeUndefined();
  }
});

test.each(['', 'moongate1.', 'moongate1.AAAA', 'gAAAAABo', 'moongate1.!!!!'])('%j is not ours', (sealed) => {
  expect(openReasoning(sealed)).toBeUndefined();
});

test('a small seal does not unpack to all of the memory', () => {
  const bomb = sealReasoning('x'.repeat(9 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(20_000);
  expect(openReasoning(bomb)).toBeUndefined();
});

test('the seal comes before the text, the text before the summary; what is foreign says nothing', () => {
  const notes = new Notes();
  const summary = [{ type: 'summary_text', text: 'short' }];
  const content = [{ type: 'reasoning_text', text: 'long' }];
  expect(toHubReasoning({ summary, content, encrypted_content: sealReasoning('all') }, notes)).toBe('all');
  expect(toHubReasoning({ summary, content, encrypted_content: null }, notes)).toBe('long');
  expect(toHubReasoning({ summary }, notes)).toBe('short');
  expect(toHubReasoning({ summary: [] }, notes)).toBeUndefined();
  expect(notes.list()).toEqual([]);
  expect(toHubReasoning({ summary, encrypted_content: 'gAAAAABo' }, notes)).toBeUndefined();
  expect(notes.list()).toEqual(['reasoning that another service has sealed is ignored']);
});
