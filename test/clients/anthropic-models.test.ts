import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { type Rig, startRig } from '../setup.ts';

const clientOf = (rig: Rig) => new Anthropic({ apiKey: 'any', baseURL: rig.url, maxRetries: 0 });

describe('models for @anthropic-ai/sdk', () => {
  test('the first page, with what its client reads', async () => {
    await using rig = await startRig();
    const page = await clientOf(rig).models.list({ limit: 6 });
    expect(page.data).toHaveLength(6);
    expect(page).toMatchObject({ has_more: true, first_id: page.data[0]?.id, last_id: page.data.at(-1)?.id });
    const model = page.data.find(({ id }) => id === 'kimi-k2.6');
    expect(model).toMatchObject({
      type: 'model',
      display_name: 'kimi-k2.6',
      created_at: '2026-04-20T00:00:00.000Z',
      max_input_tokens: 262_144,
    });
  });

  test('pages forwards and backwards give every model once, as OpenAI’s list has them', async () => {
    await using rig = await startRig();
    const client = clientOf(rig);
    const { data } = (await (await rig.get('/v1/models')).json()) as { data: { id: string }[] };
    const ids = data.map(({ id }) => id);
    const forwards: string[] = [];
    for await (const { id } of client.models.list({ limit: 3 })) forwards.push(id);
    expect(forwards).toEqual(ids);
    const last = ids.at(-1) ?? '';
    const backwards: string[][] = [];
    for await (const page of (await client.models.list({ limit: 4, before_id: last })).iterPages()) {
      backwards.unshift(page.data.map(({ id }) => id));
    }
    expect(backwards.flat()).toEqual(ids.slice(0, -1));
  });

  test('one model, an alias, a name of the client’s own', async () => {
    await using rig = await startRig();
    const client = clientOf(rig);
    expect(await client.models.retrieve('kimi-k3')).toMatchObject({ type: 'model', id: 'kimi-k3' });
    expect(await client.models.retrieve('k25')).toMatchObject({ id: 'k25', alias_of: 'kimi-k2.6' });
    expect(await client.models.retrieve('claude-opus-4-5')).toMatchObject({ alias_of: 'kimi-k3.1-pro' });
  });

  test('refusals in Anthropic’s shape', async () => {
    await using rig = await startRig();
    const client = clientOf(rig);
    await expect(client.models.retrieve('nobody-9')).rejects.toThrow(Anthropic.NotFoundError);
    await expect(client.models.retrieve('nobody-9')).rejects.toMatchObject({
      error: { type: 'error', error: { type: 'not_found_error' } },
    });
    await expect(client.models.list({ limit: 5_000 })).rejects.toThrow(/limit: must be from 1 to 1000/);
    await expect(client.models.list({ after_id: 'nobody' })).rejects.toThrow(Anthropic.BadRequestError);
    const found = await fetch(`${rig.url}/anthropic/v1/models/nobody`, {
      headers: { 'anthropic-version': '2023-06-01' },
    });
    expect([found.status, await found.json()]).toMatchObject([404, { type: 'error' }]);
  });
});
