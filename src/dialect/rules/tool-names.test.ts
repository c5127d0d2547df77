import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatRequest, Tool } from '../../chat/chat.ts';
import { aliasOf, isValidToolName } from '../tool-alias.ts';
import { applyRule, passChunks, tryRules } from '../tool-trial.fixture.ts';
import { functionsToTools } from './functions-to-tools.ts';
import { toolNames } from './tool-names.ts';

const tool = (name: string, description = 'd') => ({ type: 'function', function: { name, description } });
const call = (name: string) => ({ id: 'a', type: 'function', function: { name, arguments: '{}' } });

test('names that are valid stay, and the history is not looked at', () => {
  const request = Object.defineProperty({ tools: [tool('read_file'), tool('Bash')] }, 'messages', {
    enumerable: true,
    get: () => expect.unreachable('parsed'),
  }) as ChatRequest;
  expect(applyRule(toolNames, request)).toBe(request);
});

test('definitions, history, choice and answers', () => {
  const alias = aliasOf('fs.read/file');
  const request = {
    tools: [tool('fs.read/file'), tool('write')],
    tool_choice: { type: 'function', function: { name: 'fs.read/file' } },
    messages: [
      { role: 'user', content: 'x' },
      { role: 'assistant', tool_calls: [call('fs.read/file'), call('write')] },
      { role: 'tool', name: 'fs.read/file', tool_call_id: 'a', content: '' },
    ],
  };
  const trial = tryRules([toolNames], request);
  expect(JSON.stringify(trial.request)).toBe(JSON.stringify(request).replaceAll('"fs.read/file"', `"${alias}"`));
  expect(trial.notes).toEqual([`tool fs.read/file sent as ${alias}`]);
  expect(applyRule(toolNames, trial.request)).toBe(trial.request);
  const chunk = (name: string) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call(name) }] } }] });
  expect(passChunks(trial.answer, [chunk(alias), chunk('write')])).toEqual([chunk('fs.read/file'), chunk('write')]);
  const completion = { choices: [{ message: { tool_calls: [call(alias)] } }] };
  expect(trial.answer.completion(completion)).toEqual({
    choices: [{ message: { tool_calls: [call('fs.read/file')] } }],
  });
});

test('clients of functions get their names back, too', () => {
  const { answer, request } = tryRules([functionsToTools, toolNames], { functions: [{ name: '1st' }] });
  const [sent] = request['tools'] as { function: { name: string } }[];
  const chunk = { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call(sent?.function.name ?? '') }] } }] };
  expect(passChunks(answer, [chunk])[0]?.choices?.[0]?.delta?.function_call?.name).toBe('1st');
});

test('a history without tools stays', () => {
  const request = { messages: [{ role: 'assistant', tool_calls: [call('a.b')] }] };
  expect(tryRules([toolNames], request).changed).toBe(false);
});

describe('different tools of one name', () => {
  const [first, second] = [tool('same', 'one'), tool('same', 'two')];
  const names = (tools: Tool[]) =>
    (applyRule(toolNames, { tools }).tools ?? []).map((one) => `${one.function?.name}: ${one.function?.description}`);

  test('one keeps it, whatever the order', () => {
    const renamed = names([first, second]);
    expect(renamed[0]).toBe('same: one');
    expect(renamed[1]).toMatch(/^same_[0-9a-f]{8}: two$/);
    expect(names([second, first])).toEqual([...renamed].reverse());
  });
});

test('aliases are valid, lasting and apart', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 10 }), (names) => {
      const aliases = names.map((name) => aliasOf(name));
      expect(aliases.every(isValidToolName)).toBe(true);
      expect(new Set(aliases).size).toBe(names.length);
      expect(names.map((name) => aliasOf(name))).toEqual(aliases);
    }),
  );
});
