import { describe, expect, test } from 'vitest';
import { applyRule, tryRules } from '../tool-trial.fixture.ts';
import { RULES } from './index.ts';
import { toolChoice } from './tool-choice.ts';
import { toolChoiceWords } from './tool-choice-words.ts';

const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } });
const named = (name: string) => ({ type: 'function', function: { name } });
const TOOLS = [tool('read'), tool('write')];

describe('tool-choice-words', () => {
  test.each<[unknown, unknown]>([
    ['any', 'required'],
    [{ type: 'any' }, 'required'],
    [{ type: 'auto' }, 'auto'],
    [{ type: 'tool', name: 'read' }, named('read')],
    [{ type: 'function', name: 'read' }, named('read')],
  ])('%j is sent as %j', (before, after) => {
    const repaired = applyRule(toolChoiceWords, { tools: TOOLS, tool_choice: before });
    expect(repaired).toEqual({ tools: TOOLS, tool_choice: after });
    expect(applyRule(toolChoiceWords, repaired)).toBe(repaired);
  });

  test.each(['auto', 'none', 'required', 'bogus', null, 3, { type: 'strange' }, named('read')])(
    '%j stays',
    (choice) => {
      const request = { tools: TOOLS, tool_choice: choice };
      expect(applyRule(toolChoiceWords, request)).toBe(request);
    },
  );

  test('allowed_tools leaves the others out', () => {
    const choice = { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [named('write')] } };
    expect(applyRule(toolChoiceWords, { tools: TOOLS, tool_choice: choice })).toEqual({
      tools: [tool('write')],
      tool_choice: 'required',
    });
  });
});

describe('tool-choice', () => {
  test('required without tools is left out', () => {
    expect(applyRule(toolChoice, { tools: [], tool_choice: 'required' })).toEqual({ tools: [] });
    expect(tryRules([toolChoice], { tool_choice: 'required' }).request).toEqual({});
  });

  test.each(['auto', 'none', 'bogus', null, named('unknown')])('%j is left to the surface', (choice) => {
    const request = { tools: TOOLS, tool_choice: choice };
    expect(applyRule(toolChoice, request, 'platform', 'kimi-k2.6')).toBe(request);
  });

  test.each(['kimi-k3', 'kimi-k3.1-pro', 'k3', 'kimi-for-coding'])(
    '%s: required passes, a name means this tool alone',
    (model) => {
      const request = { tools: TOOLS, tool_choice: 'required' };
      const surface = model.startsWith('kimi-k3') ? 'platform' : 'coding';
      expect(applyRule(toolChoice, request, surface, model)).toBe(request);
      const repaired = applyRule(toolChoice, { tools: TOOLS, tool_choice: named('write') }, surface, model);
      expect(repaired).toEqual({ tools: [tool('write')], tool_choice: 'required' });
      expect(applyRule(toolChoice, repaired, surface, model)).toBe(repaired);
    },
  );

  test.each(['required', named('write')])('kimi-k2.6 stops thinking for %j', (choice) => {
    const repaired = applyRule(toolChoice, { tools: TOOLS, tool_choice: choice }, 'platform', 'kimi-k2.6');
    expect(repaired).toEqual({ tools: TOOLS, tool_choice: choice, thinking: { type: 'disabled' } });
    expect(applyRule(toolChoice, repaired, 'platform', 'kimi-k2.6')).toBe(repaired);
  });

  test('the sampling rules see that the thinking stopped', () => {
    const { request } = tryRules(
      RULES,
      { tools: TOOLS, tool_choice: 'required', temperature: 1 },
      { model: 'kimi-k2.6' },
    );
    expect(request).toEqual({ tools: TOOLS, tool_choice: 'required', thinking: { type: 'disabled' } });
  });

  test('kimi-k2.7-code is asked with auto, and once more', () => {
    const { request, retries } = tryRules(
      [toolChoice],
      { tools: TOOLS, tool_choice: named('write') },
      { model: 'kimi-k2.7-code' },
    );
    expect(request).toEqual({ tools: [tool('write')], tool_choice: 'auto' });
    expect(retries).toHaveLength(1);
    const [retry] = retries;
    const whole = () => ({});
    const calling = { choices: [{ message: { tool_calls: [{ function: { name: 'write', arguments: '{}' } }] } }] };
    expect(retry?.again(calling)).toBeUndefined();
    expect(
      retry?.isMet({ choices: [{ delta: { tool_calls: [{ index: 0, function: { name: 'write' } }] } }] }, whole),
    ).toBe(true);
    expect(retry?.isMet({ choices: [{ delta: { content: 'a' } }] }, whole)).toBe(false);
    const talking = { choices: [{ message: { content: '你好', reasoning_content: 'r' }, finish_reason: 'stop' }] };
    expect(retry?.again(talking)).toEqual([
      { role: 'assistant', content: '你好', reasoning_content: 'r' },
      { role: 'user', content: '请调用工具 write 来处理当前问题。' },
    ]);
    expect(retry?.again({ choices: [{ message: { content: '' }, finish_reason: 'stop' }] })).toEqual([
      { role: 'user', content: 'Please call the tool write to handle the current issue.' },
    ]);
    expect(retry?.again({ choices: [{ message: { content: 'x' }, finish_reason: 'length' }] })).toBeUndefined();
  });
});
