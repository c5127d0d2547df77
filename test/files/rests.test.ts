import OpenAI, { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { CN_KEY, CN_KEY_2, platform, type Rig, startRig } from '../setup.ts';

const clientOf = (rig: Rig) => new OpenAI({ apiKey: 'any', baseURL: rig.base, fetch: rig.fetch, maxRetries: 0 });
const upload = async (rig: Rig) =>
  clientOf(rig).files.create({ file: await toFile(Buffer.from('x'), 'note.txt'), purpose: 'user_data' });
const asked = (rig: Rig, key: string) =>
  rig.simulator.calls.filter(
    ({ headers, path }) => headers['authorization'] === `Bearer ${key}` && path.includes('/files'),
  ).length;
const states = async (rig: Rig) =>
  (await rig.gateway.credentials.list()).flatMap(({ surface, state }) => (surface === 'moonshot-cn' ? [state] : []));

describe('files and the rests of accounts', () => {
  test('a key that is refused for a file rests, for files and chat alike, and another account takes the upload', async () => {
    await using rig = await startRig({
      config: (simulator) => ({ surfaces: platform(simulator, [CN_KEY, CN_KEY_2]), timeouts: { queue_ms: 0 } }),
    });
    const first = await upload(rig);
    const [home, other] =
      rig.simulator.account(CN_KEY).files.get(first.id) === undefined ? [CN_KEY_2, CN_KEY] : [CN_KEY, CN_KEY_2];
    rig.simulator.fail({ fault: 'auth', match: ({ headers }) => headers['authorization'] === `Bearer ${home}` });
    const second = await upload(rig);
    expect(rig.simulator.account(other).files.get(second.id)).toBeDefined();
    expect((await states(rig)).sort()).toEqual(['ready', 'resting']);

    const before = asked(rig, home);
    await upload(rig);
    const chat = await rig.chat('sim: say hi');
    expect([chat.status, await chat.text()]).toEqual([200, expect.stringContaining('hi')]);
    expect(chat.headers.get('x-moongate-fallback')).toBeNull();
    // Nobody else has it, and its account is not asked while it rests.
    await expect(clientOf(rig).files.retrieve(first.id)).rejects.toMatchObject({ status: 503, code: 'all_resting' });
    const { response } = await clientOf(rig).files.list().withResponse();
    expect(response.headers.get('x-moongate-notes')).toContain('all_resting');
    expect(asked(rig, home)).toBe(before);
  });

  test('where a call is told to slow down, the next one waits', async () => {
    await using rig = await startRig({ config: { timeouts: { queue_ms: '10s' } } });
    const { id } = await upload(rig);
    rig.simulator.fail({ fault: 'rate-limit', times: 1, match: ({ path }) => path.endsWith(`/files/${id}`) });
    await expect(clientOf(rig).files.retrieve(id)).rejects.toMatchObject({ status: 429 });
    expect(await states(rig)).toEqual(['resting']);
    const began = performance.now();
    expect((await clientOf(rig).files.retrieve(id)).id).toBe(id);
    expect(performance.now() - began).toBeGreaterThan(700);
  });
});
