import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { post, type Rig, startRig } from '../setup.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function ask(rig: Rig, body: object): Promise<Record<string, unknown>> {
  const response = await rig.get('/v1/responses', post({ model: 'kimi-k2.6', ...body }));
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

test('a response in the database is continued by the gateway that comes after, and by another replica', async () => {
  const data = mkdtempSync(join(tmpdir(), 'moongate-responses-'));
  folders.push(data);
  const config = { data, responses: { store: 'database' } };
  const first = await startRig({ config });
  const { id } = await ask(first, { input: 'sim: say One.', conversation: 'c' });
  await first[Symbol.asyncDispose]();
  await using one = await startRig({ config });
  await using other = await startRig({ config });
  await ask(one, { input: 'sim: say Two.', previous_response_id: id });
  await ask(other, { input: 'sim: say Three.', conversation: 'c' });
  for (const rig of [one, other]) {
    const sent = rig.simulator.calls.at(-1)?.body as
      | { readonly messages: readonly { readonly role: string }[] }
      | undefined;
    expect(sent?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  }
  expect((await other.get(`/v1/responses/${String(id)}`)).status).toBe(200);
});
