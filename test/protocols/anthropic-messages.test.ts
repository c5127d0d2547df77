import { expect, test } from 'vitest';
import { type Door, describeMatrix, startRig } from '../setup.ts';

const HEADERS = { 'content-type': 'application/json', 'x-api-key': 'any', 'anthropic-version': '2023-06-01' };

async function messages(door: Door, body: object | string, path = '/v1/messages?beta=true') {
  await using rig = await startRig({ door });
  const text =
    typeof body === 'string' ? body : JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 4_096, ...body });
  const init = { method: 'POST', headers: HEADERS, body: text };
  const response =
    door === 'socket' ? await fetch(`${rig.url}${path}`, init) : await rig.gateway.fetch(`${rig.url}${path}`, init);
  return {
    status: response.status,
    headers: response.headers,
    text: await response.text(),
    calls: [...rig.simulator.calls],
  };
}

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const events = (text: string) =>
  [...text.matchAll(/^event: (\S+)\ndata: (.*)$/gm)].map(
    ([, name, data]) => [name, JSON.parse(data ?? '') as Record<string, unknown>] as const,
  );

describeMatrix('Anthropic Messages on the platform', (door) => {
  test('a whole answer with thinking, text and usage', async () => {
    const { status, text, headers } = await messages(door, {
      ...user('sim: think hmm\nsim: say 你好'),
      system: [{ type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral' } }],
    });
    expect([status, headers.get('x-moongate-surface')]).toEqual([200, 'moonshot-cn']);
    const answer = JSON.parse(text) as {
      type: string;
      content: { type: string; text?: string }[];
      stop_reason: string;
      usage: object;
    };
    expect(answer).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn' });
    expect(answer.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(answer.content.at(-1)?.text).toBe('你好');
    expect(answer.usage).toMatchObject({ input_tokens: expect.any(Number), output_tokens: expect.any(Number) });
  });

  test('a stream in the exact grammar', async () => {
    const { text } = await messages(door, { ...user('sim: say one two three'), stream: true });
    const names = events(text).map(([name]) => name);
    expect(names[0]).toBe('message_start');
    expect(names.at(-1)).toBe('message_stop');
    expect(names.at(-2)).toBe('message_delta');
    const said = events(text)
      .map(([, data]) => (data['delta'] as { text?: string } | undefined)?.text ?? '')
      .join('');
    expect(said).toBe('one two three');
    expect(events(text).every(([name, data]) => data['type'] === name)).toBe(true);
  });

  test('tool use, and nothing of Anthropic’s own goes up to the platform', async () => {
    const tools = [
      {
        name: 'get_weather',
        input_schema: { type: 'object', properties: { city: { type: 'string' } } },
        cache_control: { type: 'ephemeral' },
      },
    ];
    const { text, calls } = await messages(door, {
      ...user('sim: tool get_weather {"city":"Paris"}'),
      tools,
      tool_choice: { type: 'auto' },
      metadata: { user_id: '{"a":1}' },
    });
    expect(JSON.parse(text)).toMatchObject({
      stop_reason: 'tool_use',
      content: expect.arrayContaining([
        expect.objectContaining({ type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } }),
      ]),
    });
    expect(calls.at(-1)?.rawBody).not.toMatch(/cache_control|"anthropic"/);
  });

  test('failures are told in Anthropic’s shape', async () => {
    const broken = await messages(door, '{"model":');
    expect([broken.status, JSON.parse(broken.text)]).toMatchObject([
      400,
      { type: 'error', error: { type: 'invalid_request_error' } },
    ]);
    const unknown = await messages(door, { ...user('hi'), model: 'nobody-knows' });
    expect([unknown.status, JSON.parse(unknown.text)]).toMatchObject([
      404,
      { type: 'error', error: { type: 'not_found_error' } },
    ]);
    const cut = await messages(door, { ...user('sim: pause 5\nsim: say-n 5\nsim: cut 3'), stream: true });
    expect(events(cut.text).at(-1)?.[1]).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });

  test('tokens are counted by estimate', async () => {
    const { status, text } = await messages(door, user('你好，世界'), '/v1/messages/count_tokens');
    expect([status, JSON.parse(text)]).toEqual([200, { input_tokens: expect.any(Number) }]);
  });
});
