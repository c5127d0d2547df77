import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { messagesRig, type Way } from '../protocols/messages-rig.ts';
import type { Rig } from '../setup.ts';

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });

const GRAMMAR = { type: 'grammar' as const, grammar: { syntax: 'lark' as const, definition: 'start: "x"' } };
const PATCH = { type: 'custom' as const, custom: { name: 'patch', description: 'Not JSON.', format: GRAMMAR } };
const READ = {
  type: 'function' as const,
  function: { name: 'read_file', parameters: { type: 'object', properties: {} } },
};
const INPUT = '*** Begin "patch"\n+ 你好 \\n\n*** End';
const CALL = `sim: tool patch ${JSON.stringify({ input: INPUT })}`;

const WAYS: readonly { way: Way; model: string }[] = [
  { way: 'moonshot', model: 'kimi-k2.6' },
  { way: 'kimi-code', model: 'k3' },
];

const ask = (model: string, said: string) => ({
  ...{ model, tools: [READ, PATCH] },
  messages: [{ role: 'user' as const, content: said }],
});

async function streamed(rig: Rig, model: string, said: string) {
  const stream = await clientOf(rig).chat.completions.create({ ...ask(model, said), stream: true });
  const calls: { id?: string; type?: string; name?: string; input: string; arguments: string }[] = [];
  for await (const { choices } of stream) {
    for (const { index, id, type, custom, function: target } of choices[0]?.delta.tool_calls ?? []) {
      const known = calls[index] ?? { input: '', arguments: '' };
      if (id) known.id = id;
      if (type) known.type = type;
      if (custom?.name ?? target?.name) known.name = custom?.name ?? target?.name ?? '';
      known.input += custom?.input ?? '';
      known.arguments += target?.arguments ?? '';
      calls[index] = known;
    }
  }
  return calls;
}

describe.each(WAYS)('free-form tools with openai 7 on $model', ({ way, model }) => {
  test('are functions to Kimi and themselves to the client', async () => {
    await using rig = await messagesRig(way);
    const { choices } = await clientOf(rig).chat.completions.create(ask(model, `${CALL}\nsim: tool read_file {"a":1}`));
    const [choice] = choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.tool_calls).toMatchObject([
      { type: 'custom', custom: { name: 'patch', input: INPUT } },
      { type: 'function', function: { name: 'read_file', arguments: '{"a":1}' } },
    ]);
    expect(choice?.message.tool_calls?.[0]).not.toHaveProperty('function');
    const sent = JSON.stringify(rig.simulator.calls.at(-1)?.body);
    expect(sent).toContain('follow this Lark grammar');
    expect(sent).not.toContain('"custom"');
  });

  test('are told piece by piece, also where the model got the form wrong', async () => {
    await using rig = await messagesRig(way);
    const calls = await streamed(rig, model, `${CALL}\nsim: tool read_file {"a":1}\nsim: tool patch {"text":"only"}`);
    expect(calls).toMatchObject([
      { type: 'custom', name: 'patch', input: INPUT, arguments: '' },
      { type: 'function', name: 'read_file', input: '', arguments: '{"a":1}' },
      { type: 'custom', name: 'patch', input: 'only', arguments: '' },
    ]);
  });

  test('go on with their results, and can be demanded', async () => {
    await using rig = await messagesRig(way);
    const { choices } = await clientOf(rig).chat.completions.create({
      ...ask(model, 'sim: turn 2\nsim: say Done.'),
      messages: [
        { role: 'user', content: 'sim: turn 2\nsim: say Done.' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'patch', input: INPUT } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
      ],
    });
    expect(choices[0]?.message.content).toBe('Done.');
    const demanded = await clientOf(rig).chat.completions.create({
      ...ask(model, CALL),
      tool_choice: { type: 'custom', custom: { name: 'patch' } },
    });
    expect(demanded.choices[0]?.message.tool_calls).toMatchObject([{ type: 'custom', custom: { input: INPUT } }]);
  });
});
