import { expect, test } from 'vitest';
import { plannedTrials, readVersions, type TrialOutcome, verdictOf } from './user-agents.ts';

const refused = (code = 'client_refused') => ({ refusal: { code, message: 'no' } });
const outcome = (face: 'openai' | 'anthropic', version?: string, more = {}): TrialOutcome => ({
  trial: { face, version },
  ...more,
});

test('the honest ways come first, and only named versions are tried', () => {
  expect(plannedTrials([])).toEqual([{ face: 'anthropic' }, { face: 'openai' }]);
  expect(plannedTrials(['1.6']).at(-1)).toEqual({ face: 'openai', version: '1.6' });
});

test.each([
  ['', []],
  ['0.77, 1.6,1.6', ['0.77', '1.6']],
  ['default,1.5', ['0.77', '1.5']],
  ['1.6\r\nX-Evil: 1', undefined],
  ['latest', undefined],
])('%j', (text, versions) => {
  expect(readVersions(text)).toEqual(versions);
});

test.each<[string, readonly TrialOutcome[], unknown]>([
  ['the open way', [outcome('anthropic'), outcome('openai'), outcome('openai', '1.6')], { face: 'auto' }],
  ['an approved name', [outcome('anthropic', undefined, refused('overloaded')), outcome('openai')], { face: 'openai' }],
  [
    'a borrowed name only',
    [outcome('anthropic', undefined, refused()), outcome('openai', undefined, refused()), outcome('openai', '1.6')],
    { face: 'openai', user_agent_version: '1.6' },
  ],
  ['nothing', [outcome('anthropic', undefined, refused()), outcome('openai', undefined, refused())], undefined],
])('%s', (_, outcomes, settings) => {
  expect(verdictOf(outcomes).settings).toEqual(settings);
});

test('a credential that does not work is not taken for a matter of identity', () => {
  const outcomes = [outcome('anthropic', undefined, refused('upstream_auth'))];
  expect(JSON.stringify(verdictOf(outcomes).why)).toContain('not the identity');
});
