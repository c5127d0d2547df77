import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../chat/chat.ts';
import { readWebSecret, tokenFacts, webRegionProblem, webSecretProblem } from '../../tokens/web-secret.ts';
import { CitationMarks } from './citation-marks.ts';
import { toFrame } from './connect-frames.ts';
import { ConnectReader } from './connect-reader.ts';
import { estimatedUsage } from './estimate-tokens.ts';
import { toPrompt } from './prompt.ts';
import { TextBlock } from './text-block.ts';
import { parseCalls, ToolCallScanner } from './tool-call-scanner.ts';
import { describeTools, writeCalls } from './tool-prompt.ts';
import { toGatewayError } from './web-failure.ts';
import { readWebName, SHOWN_SUFFIXES, WEB_MODELS } from './web-models.ts';
import { webOptions } from './web-options.ts';

/** All ways to cut a text into pieces are tried by drawing the cuts. */
const cuts = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 12 }).map((at) => {
    const places = [...new Set([0, ...at, text.length])].sort((a, b) => a - b);
    return places.slice(1).map((end, index) => text.slice(places[index], end));
  });

const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

describe('a block of text', () => {
  test('appends add, a repeated set adds nothing, a longer one its rest', () => {
    const block = new TextBlock();
    expect([
      block.set('He'),
      block.append('llo'),
      block.set('Hello'),
      block.set('Hello you'),
      block.append('!'),
    ]).toEqual(['He', 'llo', '', ' you', '!']);
  });

  test('a set that goes back is caught up with, one that differs is a new paragraph', () => {
    const block = new TextBlock();
    expect([block.set('Hello'), block.set('He'), block.append('ll'), block.append('o you')]).toEqual([
      ...['Hello', '', '', ' you'],
    ]);
    expect(block.set('Other')).toBe('\n\nOther');
    expect(block.append('!')).toBe('!');
  });

  test('whatever the changes, appended text is never lost', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), (texts) => {
        const block = new TextBlock();
        let whole = '';
        const shown = texts.map((text) => {
          whole += text;
          return block.append(text) + block.set(whole);
        });
        expect(shown.join('')).toBe(whole);
      }),
    );
  });
});

describe('Connect frames by hand', () => {
  const read = (...values: unknown[]) => {
    const reader = new ConnectReader('web', 1e6, undefined);
    return values.flatMap((value) => reader.push(toFrame(value)));
  };
  const start = { op: 'set', mask: 'message', message: { id: 'a', role: 'assistant' } };

  test('thinking by its block, and by a flag on a text block', () => {
    const events = read(
      start,
      { op: 'append', mask: 'block.think.content', block: { id: '1', think: { content: 'hm' } } },
      { op: 'set', mask: 'block.text.flags', block: { id: '2', text: { flags: 'thinking' } } },
      { op: 'append', mask: 'block.text.content', block: { id: '2', text: { content: 'more' } } },
      { op: 'set', mask: 'block.text.flags', block: { id: '3', text: { flags: 'answer' } } },
      { op: 'set', mask: 'block.text', block: { id: '3', text: {} } },
      { op: 'append', mask: 'block.text.content', block: { id: '3', text: { content: 'yes' } } },
    );
    expect(events.slice(1)).toEqual([
      { kind: 'thinking', text: 'hm' },
      { kind: 'thinking', text: 'more' },
      { kind: 'text', text: 'yes' },
    ]);
  });

  test('blocks inside of messages repeat what block frames say, and blocks after an echo are the echo’s', () => {
    const echo = {
      op: 'set',
      mask: 'message',
      message: { id: 'u', role: 'user', blocks: [{ text: { content: 'P' } }] },
    };
    const text = (content: string) => ({
      op: 'append',
      mask: 'block.text.content',
      block: { id: '1', text: { content } },
    });
    const whole = { mask: 'message', message: { id: 'a', blocks: [{ id: '1', text: { content: 'yes' } }] } };
    const events = read(echo, text('P'), start, text('yes'), whole, { mask: 'message.status', message: { id: 'a' } });
    expect(events.slice(1)).toEqual([{ kind: 'text', text: 'yes' }]);
  });

  test('the answer is the message that is being written, not an earlier one that is shown again', () => {
    const earlier = { mask: 'message', message: { id: 'old', role: 'assistant', status: 'MESSAGE_STATUS_COMPLETED' } };
    const now = { mask: 'message', message: { id: 'new', role: 'assistant', status: 'MESSAGE_STATUS_GENERATING' } };
    const text = (messageId: string, content: string) => ({
      ...{ op: 'append', mask: 'block.text.content', block: { id: '1', messageId, text: { content } } },
    });
    const events = read(earlier, now, text('old', 'no'), text('new', 'yes'));
    expect(events.at(-1)).toEqual({ kind: 'text', text: 'yes' });
    expect(events.filter(({ kind }) => kind === 'text')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'answer').at(-1)).toEqual({ kind: 'answer', id: 'new' });
  });

  test('references of both kinds', () => {
    const base = { title: 'T', url: 'https://u' };
    const events = read(
      start,
      { ref: { id: '1', search: { id: '1', base } } },
      {
        mask: 'message.refs.searchChunks',
        message: { id: 'a', refs: { searchChunks: [{ id: '2', base }] } },
      },
    );
    expect(events.slice(1).map((event) => event.kind === 'source' && [event.source.mark, event.source.used])).toEqual([
      ['1', true],
      ['2', false],
    ]);
  });
});

test('citation marks are taken out of any cutting, other text stays', () => {
  const mark = '\u{e3a0}cite\u{1f6e0}1\u{e3a8}';
  const text = `a${mark}b😀${mark}${mark}c \u{e3a0}article\u{1f6e0}2\u{1f3a8}!`;
  fc.assert(
    fc.property(cuts(text), (pieces) => {
      const marks = new CitationMarks();
      expect(pieces.map((piece) => marks.push(piece)).join('') + marks.end()).toBe('ab😀c !');
    }),
  );
  const open = new CitationMarks();
  expect(open.push('x\u{e3a0}') + open.push('y'.repeat(300)) + open.end()).toBe(`x\u{e3a0}${'y'.repeat(300)}`);
});

describe('emulated tools', () => {
  const functions = [{ name: 'look_up', parameters: { required: ['city'] } }, { name: 'ping' }];
  const good = '<tool_calls>[{"name":"look_up","arguments":{"city":"Köln"}},{"name":"ping"}]</tool_calls>';

  const scan = (pieces: readonly string[]) => {
    const scanner = new ToolCallScanner(functions);
    const shown = pieces.map((piece) => scanner.push(piece)).join('');
    const { calls, text } = scanner.end();
    return { text: shown + text, calls: calls.map(({ name, arguments: json }) => [name, json]) };
  };

  test('calls are found in any cutting, with a fence around them, and invented results are dropped', () => {
    const text = `Let me look <b>.\n\n\`\`\`xml\n${good}\n\`\`\`\n[Tool result]\n25 degrees`;
    const calls = [
      ['look_up', '{"city":"Köln"}'],
      ['ping', '{}'],
    ];
    fc.assert(
      fc.property(cuts(text), (pieces) => {
        expect(scan(pieces)).toEqual({ text: 'Let me look <b>.', calls });
      }),
    );
  });

  test('what is no valid call stays text, to the letter', () => {
    const none = [
      'plain ``` text <tool <tool_call',
      '<tool_calls>[{"name":"unknown","arguments":{}}]</tool_calls>',
      '<tool_calls>[{"name":"look_up","arguments":{}}]</tool_calls> because city is missing',
      '<tool_calls>[{"name":"look_up","arguments":{"city":',
      'The form is <tool_calls>…</tool_calls>, you see.',
      '<tool_calls>[]</tool_calls>',
      '   \n\n ',
    ];
    for (const text of none) {
      fc.assert(
        fc.property(cuts(text), (pieces) => {
          expect(scan(pieces)).toEqual({ text, calls: [] });
        }),
      );
    }
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('<tool_calls>')),
        (text) => {
          expect(scan([...text])).toEqual({ text, calls: [] });
        },
      ),
    );
  });

  test('arguments as a string, one call without an array, a missing end', () => {
    expect(parseCalls('<tool_calls>{"name":"look_up","arguments":"{\\"city\\":\\"x\\"}"}', functions)).toEqual([
      { name: 'look_up', arguments: '{"city":"x"}' },
    ]);
  });

  test('what is written is what is read', () => {
    const calls = [{ id: 'c1', function: { name: 'look_up', arguments: '{"city":"x</tool_calls>y"}' } }];
    expect(parseCalls(writeCalls(calls), functions)).toEqual([
      { name: 'look_up', arguments: '{"city":"x</tool_calls>y"}' },
    ]);
    const described = describeTools(functions, { type: 'function', function: { name: 'ping' } });
    expect(described).toContain('{"name":"look_up","parameters":{"required":["city"]}}');
    expect(described).toContain('You must call the function ping now.');
  });
});

describe('the prompt', () => {
  const prompt = (messages: readonly ChatMessage[], more = {}) =>
    toPrompt({ messages, instructions: [], isContinued: false, ...more });

  test('a single question goes as it is', () => {
    expect(prompt([{ role: 'user', content: 'Hi\n' }])).toBe('Hi\n');
  });

  test('marks for every role, instructions first', () => {
    const messages = [
      { role: 'developer', content: 'Be kind.' },
      { role: 'user', name: 'Ann]', content: 'Weather?' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c1', content: '' },
    ];
    expect(
      prompt(messages, { instructions: ['Tools.'] })
        .split('\n\n')
        .slice(1),
    ).toEqual([
      '[System]\nTools.',
      '[System]\nBe kind.',
      '[User Ann_]\nWeather?',
      '[Assistant]\n<tool_calls>[{"id":"c1","name":"f","arguments":{}}]</tool_calls>',
      '[Tool result c1]\n(no output)',
    ]);
  });

  test('a conversation that the server knows is only added to', () => {
    const messages = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'two' },
      { role: 'user', content: 'three' },
    ];
    expect(prompt(messages, { isContinued: true })).toBe('three');
    expect(() => prompt(messages.slice(0, 2), { isContinued: true })).toThrow('no message to answer');
  });
});

describe('names', () => {
  test('suffixes in any order', () => {
    expect(readWebName('k1.5-silent-nosearch')).toMatchObject({
      model: { id: 'k1.5' },
      switches: { silent: true, search: false },
    });
    expect(readWebName('k2.6-thinking')).toMatchObject({ model: { id: 'kimi-k2.6' }, switches: { thinking: true } });
    expect(readWebName('constructor')).toBeUndefined();
    expect(readWebName('-search')).toBeUndefined();
  });
});

describe('secrets', () => {
  const access = token({ typ: 'access', exp: 2000, iat: 1100, region: 'REGION_OVERSEA' });
  const refresh = token({ typ: 'refresh', exp: 9_000_000, iat: 0, iss: 'account' });

  test('kinds and claims', () => {
    expect(tokenFacts(access)).toEqual({
      ...{ kind: 'access', expiresAt: 2_000_000, region: 'REGION_OVERSEA', issuer: undefined },
    });
    expect(tokenFacts(refresh).kind).toBe('refresh');
    expect(tokenFacts(token({ exp: 900, iat: 0 })).kind).toBe('access');
    expect(tokenFacts('opaque').kind).toBe('refresh');
  });

  test('every form in which they are pasted', () => {
    expect(readWebSecret(` Bearer ${access} `)).toEqual({ access });
    expect(readWebSecret(`a=1; kimi-auth=${access}; b=2`)).toEqual({ access });
    expect(readWebSecret(`kimi-auth=${refresh}`)).toEqual({ refresh });
    expect(readWebSecret(JSON.stringify(refresh.split('.')))).toEqual({ refresh });
  });

  test('regions', () => {
    expect(webRegionProblem(access, 'https://www.kimi.com')).toContain('www.kimi.ai');
    expect(webRegionProblem(access, 'https://www.kimi.ai')).toBeUndefined();
    expect(webRegionProblem(refresh, 'https://www.kimi.com')).toBeUndefined();
    expect(webRegionProblem(token({ typ: 'access', region: 'REGION_CN' }), 'https://www.kimi.ai')).toContain(
      'kimi.com',
    );
  });

  test('what is none', () => {
    expect(webSecretProblem('sk-kimi-abc')).toContain('API key');
    expect(webSecretProblem('theme=dark; lang=zh')).toContain('kimi-auth');
    expect(webSecretProblem('  ')).toContain('empty');
    expect(webSecretProblem(access)).toBeUndefined();
  });
});

test('failures are told by identifiers, never by words', () => {
  const code = (failure: object, status = 200) => toGatewayError('web', failure, { status }).code;
  expect(code({ message: 'unauthenticated: token expired, rate limit' })).toBe('upstream_error');
  expect(code({ reason: 'toString', code: 'constructor' })).toBe('upstream_error');
  expect(code({ code: 'resource_exhausted' })).toBe('rate_limited');
  expect(code({}, 401)).toBe('upstream_auth');
  expect(code({}, 502)).toBe('upstream_error');
});

test('usage is never zero', () => {
  expect(estimatedUsage('', '', '')).toMatchObject({ prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 });
  expect(estimatedUsage('你好', 'think', 'ok')).toMatchObject({ prompt_tokens: 2, completion_tokens: 3 });
});

test('the manual names the models, the suffixes and the settings', () => {
  const manual = readFileSync(new URL('../../../docs/kimi-web.md', import.meta.url), 'utf8');
  for (const { id, connect } of WEB_MODELS) {
    expect(manual).toContain(`| \`${id}\``);
    expect(manual).toContain(`\`${connect.scenario}\``);
  }
  for (const suffix of SHOWN_SUFFIXES) expect(manual).toContain(`\`-${suffix.split('-').at(-1)}\``);
  for (const option of Object.keys(webOptions(undefined, 'https://x'))) {
    const name = { protocol: 'protocol', authUrl: 'auth_url' }[option] ?? `web.${option}`;
    expect(manual).toContain(`| \`${name}\``);
  }
});
