import { describe, expect, test } from 'vitest';
import { TokenCalibration } from '../../chat/token-calibration.ts';
import type { Rule } from '../rule.ts';
import { type TrialOptions, tryRules } from '../rule-trial.ts';
import { capBeyondWindow } from './cap-beyond-window.ts';
import { capName } from './cap-name.ts';
import { capTooSmall } from './cap-too-small.ts';
import { emptyMembers } from './empty-members.ts';
import { RULES } from './index.ts';
import { jsonWord } from './json-word.ts';
import { reasoningEffort } from './reasoning-effort.ts';
import { stopSequences } from './stop-sequences.ts';
import { streamOptions } from './stream-options.ts';
import { thinkingKeep } from './thinking-keep.ts';
import { userIdentifier } from './user-identifier.ts';

const K3: TrialOptions = { model: 'kimi-k3' };
const K26: TrialOptions = { model: 'kimi-k2.6' };
const K27: TrialOptions = { model: 'kimi-k2.7-code' };
const K25: TrialOptions = { model: 'kimi-k2.5' };
const V1: TrialOptions = { model: 'moonshot-v1-8k' };
const CODING: TrialOptions = { model: 'k3', surface: 'coding' };
const SPEED: TrialOptions = { model: 'kimi-for-coding-highspeed', surface: 'coding' };

type Members = Readonly<Record<string, unknown>>;
type Case = readonly [rule: Rule, where: TrialOptions, before: Members, after: Members];

const user = { role: 'user', content: 'hi' };
const json = { response_format: { type: 'json_object' } };

const CHANGES: readonly Case[] = [
  [reasoningEffort, K3, { reasoning_effort: 'medium' }, { reasoning_effort: 'high' }],
  [reasoningEffort, K3, { reasoning_effort: 'xhigh' }, { reasoning_effort: 'max' }],
  [reasoningEffort, K3, { reasoning_effort: 'minimal' }, { reasoning_effort: 'low' }],
  [reasoningEffort, K3, { reasoning_effort: 'none' }, { reasoning_effort: 'low' }],
  [reasoningEffort, K3, { reasoning_effort: 'colossal' }, {}],
  [reasoningEffort, K3, { thinking: { type: 'disabled' } }, { reasoning_effort: 'low' }],
  [reasoningEffort, K3, { thinking: { type: 'adaptive' } }, {}],
  [reasoningEffort, K3, { thinking: { type: 'enabled', budget_tokens: 8192 } }, { reasoning_effort: 'high' }],
  [reasoningEffort, K3, { thinking: { type: 'enabled' }, reasoning_effort: 'low' }, { reasoning_effort: 'low' }],
  [reasoningEffort, K3, { reasoning: { effort: 'high', enabled: true } }, { reasoning_effort: 'high' }],
  [reasoningEffort, K3, { enable_thinking: false }, { reasoning_effort: 'low' }],
  [reasoningEffort, K3, { chat_template_kwargs: { thinking: true } }, {}],
  [reasoningEffort, CODING, { reasoning_effort: 'medium' }, { reasoning_effort: 'high' }],
  [reasoningEffort, CODING, { reasoning_effort: 'off' }, { reasoning_effort: 'low' }],
  [reasoningEffort, K26, { reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }],
  [reasoningEffort, K26, { reasoning_effort: 'minimal' }, { thinking: { type: 'disabled' } }],
  [reasoningEffort, K26, { reasoning_effort: 'high' }, {}],
  [reasoningEffort, K26, { reasoning: { enabled: false } }, { thinking: { type: 'disabled' } }],
  [reasoningEffort, K26, { thinking: { type: 'enabled', budget_tokens: 8192 } }, { thinking: { type: 'enabled' } }],
  [
    reasoningEffort,
    K26,
    { thinking: { type: 'enabled', keep: 'all', effort: 'high' } },
    { thinking: { type: 'enabled', keep: 'all' } },
  ],
  [reasoningEffort, K27, { thinking: { type: 'disabled' } }, {}],
  [reasoningEffort, K27, { reasoning_effort: 'low' }, {}],
  [reasoningEffort, SPEED, { thinking: { type: 'disabled' } }, {}],
  [reasoningEffort, V1, { thinking: { type: 'enabled' }, reasoning_effort: 'high' }, {}],

  [thinkingKeep, K25, { thinking: { type: 'enabled', keep: 'all' } }, { thinking: { type: 'enabled' } }],
  [thinkingKeep, K27, { thinking: { type: 'enabled', keep: null } }, { thinking: { type: 'enabled' } }],
  [thinkingKeep, K26, { thinking: { type: 'enabled', keep: 'last' } }, { thinking: { type: 'enabled' } }],

  [emptyMembers, K3, { tools: [], stop: null, stream_options: {}, tool_choice: null, user: '' }, {}],
  [streamOptions, K3, { stream_options: { include_usage: true } }, {}],
  [streamOptions, K3, { stream: false, stream_options: { include_usage: true } }, { stream: false }],

  [capName, K3, { max_tokens: 10, max_completion_tokens: 20 }, { max_completion_tokens: 20 }],
  [capName, K3, { max_tokens: -1 }, {}],
  [capName, K3, { max_tokens: 10.7 }, { max_tokens: 10 }],
  [capName, K3, { max_tokens: '100' }, { max_tokens: 100 }],

  [capTooSmall, K26, { max_tokens: 16 }, { max_tokens: 16, thinking: { type: 'disabled' } }],
  [
    capTooSmall,
    K26,
    { max_tokens: 16, thinking: { type: 'enabled' } },
    { max_tokens: 1024, thinking: { type: 'enabled' } },
  ],
  [capTooSmall, K3, { max_completion_tokens: 16 }, { max_completion_tokens: 1024, reasoning_effort: 'low' }],
  [capTooSmall, K3, { max_tokens: 16, reasoning_effort: 'max' }, { max_tokens: 1024, reasoning_effort: 'max' }],
  [capTooSmall, K27, { max_tokens: 1 }, { max_tokens: 1024 }],

  [stopSequences, K3, { stop: ['a', 'b', 'c', 'd', 'e', 'f'] }, { stop: ['a', 'b', 'c', 'd', 'e'] }],
  [stopSequences, K3, { stop: 'x'.repeat(33) }, {}],
  [stopSequences, K3, { stop: ['终'.repeat(11), 'b', ''] }, { stop: ['b'] }],

  [
    jsonWord,
    K3,
    { ...json, messages: [{ role: 'system', content: 'Be brief.' }, user] },
    {
      ...json,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'system', content: 'Answer with a JSON object and nothing else.' },
        user,
      ],
    },
  ],

  [
    userIdentifier,
    K3,
    { user: 'jane' },
    { safety_identifier: '81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2' },
  ],
  [userIdentifier, K3, { user: 'jane', safety_identifier: 'x' }, { safety_identifier: 'x' }],
  [userIdentifier, CODING, { user: 'jane' }, {}],
];

describe.each(CHANGES)('$id', (rule, where, before, after) => {
  test(`${rule.id} ${where.model} ${JSON.stringify(before)}`, () => {
    const first = tryRules([rule], before, where);
    expect(first.request).toEqual(after);
    expect(first.repairs.map((repair) => repair.rule)).toEqual([rule.id]);
    expect(first.repairs[0]?.what).not.toBe('');
    const second = tryRules([rule], first.request, where);
    expect(second.after).toBe(second.before);
  });
});

const SAME: readonly (readonly [rule: Rule, where: TrialOptions, body: Members])[] = [
  [reasoningEffort, K3, { reasoning_effort: 'max' }],
  [reasoningEffort, K3, { thinking: { type: 'enabled', keep: 'all' } }],
  [reasoningEffort, CODING, { thinking: { type: 'enabled', effort: 'low' } }],
  [reasoningEffort, K26, { thinking: { type: 'disabled' } }],
  [reasoningEffort, K27, { thinking: { type: 'enabled', keep: 'all' } }],
  [reasoningEffort, { surface: 'compatible' }, { reasoning: { effort: 'medium' } }],
  [reasoningEffort, { model: 'nobody-knows' }, { reasoning_effort: 'medium' }],
  [thinkingKeep, K26, { thinking: { type: 'enabled', keep: null } }],
  [emptyMembers, K3, { tools: [{ type: 'function' }], stop: 'x', stream: true }],
  [streamOptions, K3, { stream: true, stream_options: { include_usage: true } }],
  [capName, K3, { max_tokens: 5000 }],
  [capTooSmall, K3, { max_tokens: 1024 }],
  [capTooSmall, K26, { max_tokens: 16, thinking: { type: 'disabled' } }],
  [capBeyondWindow, K3, { max_tokens: 131_072, messages: [user] }],
  [stopSequences, K3, { stop: ['a', 'b', 'c', 'd', 'x'.repeat(32)] }],
  [jsonWord, K3, { ...json, messages: [{ role: 'user', content: [{ type: 'text', text: 'as Json' }] }] }],
];

test.each(SAME)('$id leaves alone what is right', (rule, where, body) => {
  const trial = tryRules([rule], body, where);
  expect(trial.after).toBe(trial.before);
});

describe('cap-beyond-window', () => {
  test('lowers a cap of the whole window by the estimated prompt', () => {
    const body = { max_tokens: 262_144, messages: [{ role: 'user', content: 'word '.repeat(20_000) }] };
    const first = tryRules([capBeyondWindow], body, K26);
    const cap = Number(first.request['max_tokens']);
    expect(cap).toBeLessThan(262_144 - 20_000);
    expect(cap).toBeGreaterThan(262_144 - 30_000);
    expect(tryRules([capBeyondWindow], first.request, K26).repairs).toEqual([]);
  });

  test('is calibrated by what answers reported', () => {
    const tokens = new TokenCalibration();
    tokens.learn('kimi-k2.6', { estimate: 10_000, reported: 20_000, bytes: 40_000 });
    const body = { max_tokens: 262_144, messages: [{ role: 'user', content: 'word '.repeat(20_000) }] };
    const plain = Number(tryRules([capBeyondWindow], body, K26).request['max_tokens']);
    const doubled = Number(
      tryRules([capBeyondWindow], body, { ...K26, tokens, servedAs: 'kimi-k2.6' }).request['max_tokens'],
    );
    expect(doubled).toBeLessThan(plain - 20_000);
  });

  test('leaves room for an answer when the prompt leaves none', () => {
    const body = { max_tokens: 8_192, messages: [{ role: 'user', content: '字'.repeat(600_000) }] };
    expect(tryRules([capBeyondWindow], body, K26).request['max_tokens']).toBe(1_024);
  });
});

test('thinking that was switched off here decides the sampling parameters', () => {
  const { request } = tryRules(
    RULES,
    { model: 'kimi-k2.6', temperature: 1, reasoning_effort: 'none', messages: [user] },
    K26,
  );
  expect(request).toEqual({ model: 'kimi-k2.6', thinking: { type: 'disabled' }, messages: [user] });
});
