import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Gateway } from '../../src/gateway.ts';
import { Postgres } from '../services/postgres.ts';
import { Redis } from '../services/redis.ts';
import { AI_KEY, CN_KEY, post, type Rig, type RigOptions, startRig } from '../setup.ts';
import { textOf } from './answers.ts';
import {
  ANSWERS,
  CODE_ACCOUNT,
  CODE_KEY,
  DataFolder,
  FIRST,
  SECOND,
  SURFACES,
  type SurfaceCase,
  WEB_TOKEN,
} from './seed-example.ts';

function optionsFor({ surfaces }: SurfaceCase, data: string): RigOptions {
  return {
    simulator: {
      accounts: [{ keys: CN_KEY, host: 'cn', id: 'org-cn' }, { keys: AI_KEY, host: 'ai', id: 'org-ai' }, CODE_ACCOUNT],
    },
    config: (simulator) => ({ data, surfaces: surfaces(simulator) }),
    secrets: [CODE_KEY, WEB_TOKEN],
  };
}

describe.each(SURFACES)('$name', (place) => {
  test.each([{ stream: false }, { stream: true }])(
    'the second turn knows the first, stream $stream',
    async ({ stream }) => {
      using data = new DataFolder();
      await using rig = await startRig(optionsFor(place, data.path));
      const { headers = {} } = place;
      const say = (content: string) =>
        rig.get(
          '/v1/chat/completions/film',
          post({ model: place.model, stream, messages: [{ role: 'user', content }] }, { headers }),
        );
      const first = await say(FIRST);
      expect([first.status, first.headers.get('x-conversation-id')]).toEqual([200, 'film']);
      expect(await textOf(first)).toBe(ANSWERS[0]);
      const second = await say(SECOND);
      expect(await textOf(second)).toBe(ANSWERS[1]);
      expect(second.headers.get('x-moongate-surface')).toBe(place.surface);
      const stored = (await (await rig.get('/v1/conversations/film')).json()) as { messages: { content: string }[] };
      expect(stored).toMatchObject({ id: 'film', object: 'conversation', turns: 2, surface: place.surface });
      expect(stored.messages.map(({ content }) => content)).toEqual([FIRST, ANSWERS[0], SECOND, ANSWERS[1]]);
    },
  );

  test('across a restart', async () => {
    using data = new DataFolder();
    await using rig = await startRig(optionsFor(place, data.path));
    const body = (content: string) => ({
      model: place.model,
      conversation_id: 'film',
      messages: [{ role: 'user', content }],
    });
    const init = (content: string) => post(body(content), { headers: { ...place.headers } });
    expect(await textOf(await rig.get('/v1/chat/completions', init(FIRST)))).toBe(ANSWERS[0]);
    const next = new Gateway({ config: rig.load({ data: data.path, surfaces: place.surfaces(rig.simulator) }).config });
    await next.started;
    const second = await next.fetch('http://moongate.test/v1/chat/completions', init(SECOND));
    expect(await textOf(second)).toBe(ANSWERS[1]);
    await next.close();
  });
});

describe('on two replicas in turn', () => {
  let postgres: Postgres;
  let redis: Redis;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([Postgres.start(), Redis.start()]);
  });
  afterAll(async () => {
    await Promise.all([postgres[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
  });

  test.each(SURFACES)('the second turn knows the first: $name', async (place) => {
    using data = new DataFolder();
    // The login of the web chat is one for both: what one renews the other has to know.
    const shared = {
      database: await postgres.createDatabase(),
      coordination: redis.url,
      secret_key: 'secret-of-both-replicas-0123456789abcdef',
    };
    const options = optionsFor(place, data.path);
    await using one = await startRig({
      ...options,
      config: (simulator) => ({ ...shared, surfaces: place.surfaces(simulator) }),
    });
    // Before the same surfaces.
    await using other = await startRig({
      ...options,
      config: () => ({ ...shared, surfaces: place.surfaces(one.simulator) }),
    });
    const say = (rig: Rig, content: string) =>
      rig.get(
        '/v1/chat/completions/film',
        post({ model: place.model, messages: [{ role: 'user', content }] }, { headers: { ...place.headers } }),
      );
    expect(await textOf(await say(one, FIRST))).toBe(ANSWERS[0]);
    expect(await textOf(await say(other, SECOND))).toBe(ANSWERS[1]);
    const stored = (await (await one.get('/v1/conversations/film')).json()) as { messages: { content: string }[] };
    expect(stored.messages.map(({ content }) => content)).toEqual([FIRST, ANSWERS[0], SECOND, ANSWERS[1]]);
  });
});

describe.each(SURFACES.filter(({ surface }) => surface === 'kimi-web'))('$name', (place) => {
  test('only the new turn is sent, in the same chat', async () => {
    using data = new DataFolder();
    await using rig = await startRig(optionsFor(place, data.path));
    const say = (content: string) =>
      rig.get('/v1/chat/completions/film', post({ model: 'k2', messages: [{ role: 'user', content }] }));
    await textOf(await say(FIRST));
    await textOf(await say(SECOND));
    const call = rig.simulator.calls.findLast(({ rawBody }) => rawBody.includes('this film'));
    expect(call?.rawBody).not.toContain('Fei Mu');
    const stored = (await (await rig.get('/v1/conversations/film')).json()) as { native_chat: string };
    expect(`${call?.path} ${call?.rawBody}`).toContain(stored.native_chat);
  });
});
