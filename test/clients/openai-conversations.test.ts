import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { type Door, type Rig, startRig } from '../setup.ts';

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
const MODEL = 'kimi-k2.6';

type Sent = { readonly messages: readonly { readonly role: string; readonly content: unknown }[] };
const sent = (rig: Rig) => (rig.simulator.calls.at(-1)?.body as Sent | undefined)?.messages ?? [];

describe.each<{ door: Door }>([{ door: 'socket' }, { door: 'memory' }])(
  'conversations of openai 7 ($door)',
  ({ door }) => {
    test('begin with items, go on in Responses, and are listed', async () => {
      await using rig = await startRig({ door });
      const client = clientOf(rig);
      const { id } = await client.conversations.create({
        items: [
          { type: 'message', role: 'user', content: 'My name is Ann.' },
          { type: 'message', role: 'assistant', content: 'Hello Ann.' } as never,
        ],
      });
      const first = await client.responses.create({
        model: MODEL,
        conversation: id,
        input: 'sim: think Hm.\nsim: say One.',
      });
      expect(first).toMatchObject({ output_text: 'One.', conversation: { id } });
      expect(sent(rig).map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
      expect(JSON.stringify(sent(rig)[0])).toContain('My name is Ann.');
      const stream = client.responses.stream({ model: MODEL, conversation: id, input: 'sim: say Two.' });
      expect((await stream.finalResponse()).output_text).toBe('Two.');
      expect(sent(rig)).toHaveLength(5);
      expect(await client.conversations.retrieve(id)).toMatchObject({ id, object: 'conversation', turns: 3 });
      const items: string[] = [];
      for await (const item of client.conversations.items.list(id, { order: 'asc', limit: 2 })) {
        items.push(item.type === 'message' ? `${item.role}: ${JSON.stringify(item.content)}` : item.type);
      }
      expect(items).toHaveLength(7);
      expect(items[1]).toContain('Hello Ann.');
      expect(items[3]).toBe('reasoning');
      expect(items.at(-1)).toMatch(/assistant: .*output_text.*Two\./);
      expect(await client.conversations.delete(id)).toMatchObject({ id, deleted: true });
      await expect(client.conversations.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
    });

    test('calls and their results are items again', async () => {
      await using rig = await startRig({ door });
      const client = clientOf(rig);
      const tools = [{ type: 'function' as const, name: 'get_weather', parameters: { type: 'object' }, strict: false }];
      const { id } = await client.conversations.create();
      const asked = { model: MODEL, conversation: id, tools };
      const said = 'sim: tool get_weather {"city":"Rome"}\nsim: turn 2\nsim: say Sunny.';
      const { output } = await client.responses.create({ ...asked, input: said });
      const call = output.find((item) => item.type === 'function_call');
      const result = { type: 'function_call_output' as const, call_id: call?.call_id ?? '', output: 'sunny' };
      expect((await client.responses.create({ ...asked, input: [result] })).output_text).toBe('Sunny.');
      const { data } = await client.conversations.items.list(id, { order: 'asc' });
      expect(data.filter(({ type }) => type.startsWith('function'))).toMatchObject([
        { type: 'function_call', name: 'get_weather', call_id: call?.call_id, arguments: '{"city":"Rome"}' },
        { type: 'function_call_output', call_id: call?.call_id, output: 'sunny' },
      ]);
    });

    test('what cannot be is said', async () => {
      await using rig = await startRig({ door });
      const client = clientOf(rig);
      await expect(client.conversations.create({ items: 'x' as never })).rejects.toMatchObject({ param: 'items' });
      const { id } = await client.conversations.create();
      const inBackground = client.responses.create({ model: MODEL, conversation: id, input: 'x', background: true });
      await expect(inBackground).rejects.toMatchObject({ status: 400, param: 'background' });
      await expect(client.conversations.items.list('conv_nobody')).rejects.toThrow(OpenAI.NotFoundError);
    });
  },
);
