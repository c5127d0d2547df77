import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { Gateway } from '../../src/gateway.ts';
import { CLIENTS, type Client, type Heard } from './clients.ts';
import { formsOf, inPieces, RECORDINGS, type Recording, type Wire, wireOf } from './recording.ts';
import { ReplayDispatcher } from './replay-dispatcher.ts';

/** An access token that outlives the test, so that none has to be renewed. */
const WEB_TOKEN = ['{"alg":"none"}', '{"typ":"access","app_id":"kimi","exp":4000000000}', 'x']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

/** Bytes between two cuts of one stream. */
const APART = 64;

const at = (host: string) => `https://${host}.test/v1`;
const key = 'sk-replay-0123456789abcdef';
const credentials = [{ key }];
const SURFACES = {
  'platform-cn': { type: 'moonshot', region: 'cn', face: 'openai', credentials, models: 'kimi-k2.6' },
  'platform-ai': { type: 'moonshot', region: 'global', face: 'openai', credentials, models: 'kimi-k3' },
  'platform-anthropic': { type: 'moonshot', region: 'cn', face: 'anthropic', credentials, models: 'kimi-k3' },
  'kimi-code-openai': { type: 'kimi-code', face: 'openai', credentials: [{ key: `sk-kimi-${key}` }], models: 'k3' },
  'kimi-code-anthropic': {
    ...{ type: 'kimi-code', face: 'anthropic', credentials: [{ key: `sk-kimi-${key}` }], models: 'k3' },
  },
  compatible: { type: 'compatible', credentials, models: 'moonshotai/kimi-k2.6' },
  'kimi-web-classic': { type: 'kimi-web', protocol: 'classic', credentials: [{ key: WEB_TOKEN }], models: 'k1.5' },
  'kimi-web-connect': { type: 'kimi-web', protocol: 'connect', credentials: [{ key: WEB_TOKEN }], models: 'k1.5' },
};

let gateway: Gateway;
const data = mkdtempSync(join(tmpdir(), 'moongate-replay-'));
const dispatchers = new Map<string, ReplayDispatcher>();

beforeAll(async () => {
  const surfaces = Object.entries(SURFACES).map(([id, { models, ...surface }]) => [
    id,
    { ...surface, base_url: at(id), models: { [`from-${id}`]: models }, concurrency: 100 },
  ]);
  const { config } = loadConfig({
    env: {},
    cwd: import.meta.dirname,
    flags: { data, surfaces: Object.fromEntries(surfaces), ledger: { enabled: false } },
  });
  gateway = new Gateway({ config });
  for (const [id, surface] of gateway.runtime.surfaces) {
    const dispatcher = new ReplayDispatcher();
    Object.assign(surface, { dispatcher });
    dispatchers.set(id, dispatcher);
  }
  await gateway.started;
});
afterAll(async () => {
  await gateway.close();
  rmSync(data, { recursive: true });
});

/** Who can be served by a recording: what is in Anthropic's shape on the platform is for clients of that shape alone. */
const clientsOf = ({ name }: Recording): readonly Client[] =>
  name === 'platform-anthropic' ? CLIENTS.filter(({ path }) => path === '/v1/messages') : CLIENTS;

async function hear(recording: Recording, client: Client, wire: Wire, pieces: readonly Buffer[]): Promise<Heard> {
  const dispatcher = dispatchers.get(recording.name);
  if (dispatcher === undefined) throw new Error(`no surface for ${recording.name}`);
  dispatcher.next = { headers: wire.headers, pieces };
  const response = await gateway.fetch(`http://moongate.test${client.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(client.request(`from-${recording.name}`, recording.expected.calls.length > 0)),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 500)}`);
  return client.read(text);
}

function expectedOf({ expected }: Recording, usage: Heard['usage']): Heard {
  const { sources: _sources, ...meaning } = expected;
  return {
    ...meaning,
    calls: [...meaning.calls],
    usage: meaning.usage === 'estimated' ? usage : meaning.usage,
    isEnded: true,
  };
}

test('every kind of surface and every face has a recording, which says how it was made', () => {
  expect(RECORDINGS.map(({ name }) => name).sort()).toEqual(Object.keys(SURFACES).sort());
  for (const { how } of RECORDINGS) expect(how).toMatch(/^(made by hand after|recorded with) \S/);
});

const CASES = RECORDINGS.flatMap((recording) =>
  clientsOf(recording).map((client) => ({ recording, client, surface: recording.name, protocol: client.name })),
);

describe.each(CASES)('$surface for a client of $protocol', ({ recording, client }) => {
  let usage: Heard['usage'];

  const isExact = async (wire: Wire, pieces: readonly Buffer[], how: string): Promise<void> => {
    const heard = await hear(recording, client, wire, pieces);
    const expected = expectedOf(recording, usage);
    // Texts are compared first: a matcher for each of thousands of streams takes longer than they do.
    if (JSON.stringify(heard, SORTED) !== JSON.stringify(expected, SORTED)) {
      expect({ how, ...heard }).toEqual({ how, ...expected });
    }
  };

  beforeAll(async () => {
    const wire = wireOf(recording, 'plain');
    usage = (await hear(recording, client, wire, [wire.bytes])).usage;
    expect(usage.prompt * usage.completion).toBeGreaterThan(0);
  });

  test('the request is what the recording answers', () => {
    const body = dispatchers.get(recording.name)?.sent?.body ?? Buffer.alloc(0);
    const sent: unknown = JSON.parse(body.subarray(recording.framing === 'connect' ? 5 : 0).toString());
    expect(sent).toMatchObject(upward(recording));
  });

  /** What reads the surface's bytes is the same whoever asked, but for Messages that are passed through. */
  const isOwnReader = client === CLIENTS[0] || (client.path === '/v1/messages' && recording.framing === 'named-sse');

  test.runIf(isOwnReader)('cut once, at every byte', async () => {
    const wire = wireOf(recording, 'plain');
    for (let cut = 1; cut < wire.bytes.length; cut++) {
      await isExact(wire, [wire.bytes.subarray(0, cut), wire.bytes.subarray(cut)], `cut at ${cut}`);
    }
  });

  test.each(formsOf(recording))('%s, uncut and cut at every byte', async (form) => {
    const wire = wireOf(recording, form);
    await isExact(wire, [wire.bytes], `${form}, uncut`);
    // Many in one stream: no state of a reader reaches over so many bytes but the event that it holds.
    for (let first = 1; first <= APART; first++) {
      const pieces = [wire.bytes.subarray(0, first), ...inPieces(wire.bytes.subarray(first), APART)];
      await isExact(wire, pieces, `${form}, cut at ${first} and every ${APART} bytes`);
    }
  });

  test.each(formsOf(recording))('%s, in pieces of 1 to 7 bytes', async (form) => {
    const wire = wireOf(recording, form);
    for (let size = 1; size <= 7; size++) await isExact(wire, inPieces(wire.bytes, size), `${form}, ${size} bytes`);
  });

  test('in pieces of any sizes', async () => {
    const cuts = fc.record({
      form: fc.constantFrom(...formsOf(recording)),
      sizes: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 30 }),
    });
    const property = fc.asyncProperty(cuts, async ({ form, sizes }) => {
      const wire = wireOf(recording, form);
      const pieces: Buffer[] = [];
      for (let start = 0; start < wire.bytes.length; ) {
        const end = start + (sizes[pieces.length % sizes.length] ?? 1);
        pieces.push(wire.bytes.subarray(start, end));
        start = end;
      }
      await isExact(wire, pieces, `${form}, ${sizes.join(' ')}`);
    });
    await fc.assert(property, { numRuns: 10 });
  });
});

const SORTED = [
  'reasoning',
  'text',
  'calls',
  'name',
  'arguments',
  'usage',
  'prompt',
  'completion',
  'cached',
  'finish',
  'isEnded',
];

/** What must have gone up: the model, what was asked for, and whether it is to be streamed. */
function upward({ request }: Recording): Readonly<Record<string, unknown>> {
  const { model, stream, scenario, use_search } = request;
  return JSON.parse(JSON.stringify({ model, stream, scenario, use_search })) as Record<string, unknown>;
}
