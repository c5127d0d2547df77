import { describe, expect, test } from 'vitest';
import { nameFor } from '../../src/atlas/family-names.fixture.ts';
import { REFUSALS, type Refusal } from '../../src/atlas/index.ts';
import { ERRORS } from '../../src/errors.ts';
import { post, type RigOptions, startRig } from '../setup.ts';

const CN = 'sk-atlas-cn-0123456789abcdef';
const CODE = 'sk-kimi-atlas-0123456789abcdef';
const WEB = 'sim-web-refresh-owner';

/** The surface and the model with which each kind is asked. */
const ASKED = {
  platform: { surface: 'moonshot-cn', model: 'p' },
  compatible: { surface: 'other', model: 'o' },
  coding: { surface: 'kimi-code', model: 'c' },
  web: { surface: 'kimi-web', model: 'w' },
} as const;

const OPTIONS: RigOptions = {
  simulator: {
    accounts: [
      { keys: CN, host: 'cn' },
      { keys: CODE, host: 'code' },
    ],
  },
  config: ({ cnBaseUrl, codeBaseUrl, webBaseUrl }) => ({
    retries: { attempts: 1 },
    surfaces: {
      'moonshot-cn': { base_url: cnBaseUrl, credentials: [{ key: CN }], models: { p: 'kimi-k2.6' } },
      other: { type: 'compatible', base_url: cnBaseUrl, credentials: [{ key: CN }], models: { o: 'kimi-k2.6' } },
      'kimi-code': { base_url: codeBaseUrl, credentials: [{ key: CODE }], models: { c: 'k3' } },
      'kimi-web': {
        base_url: webBaseUrl,
        protocol: 'connect',
        credentials: [{ key: WEB }],
        models: { w: 'k2' },
      },
    },
  }),
  secrets: [CN, CODE, WEB],
};

const nameOf = (type: Refusal['type']) => (typeof type === 'object' ? nameFor(type) : type);

/** What the web says in one of its two shapes. */
function webBody({ type, code }: Refusal, message: string): unknown {
  if (code !== undefined) return { code, message };
  return type === undefined ? {} : { error_type: nameOf(type), message };
}

const cases = REFUSALS.flatMap((row) =>
  row.on.flatMap((place) =>
    (row.observed.length > 0 ? row.observed : ['Nobody has said this.']).map((message) => ({ row, place, message })),
  ),
);

describe('every refusal in the atlas, said by the simulator', () => {
  test.each(cases)('$row.id on $place: $message', async ({ row, place, message }) => {
    await using rig = await startRig(OPTIONS);
    const { surface, model } = ASKED[place];
    const status = row.status?.[0] ?? 400;
    const name = nameOf(row.type);
    const json = place === 'web' ? { json: webBody(row, message) } : {};
    const told = message.startsWith('<') ? { html: message } : {};
    rig.simulator.fail({
      fault: { status, message, ...(name === undefined ? {} : { type: name }), ...json, ...told },
      // A refused client, and a token that is refused, are tried once more in another way.
      times: row.means === 'client_refused' || row.means === 'upstream_auth' ? 2 : 1,
      match: ({ method, path }) => method === 'POST' && !path.includes('RefreshToken'),
    });
    const said = { model, messages: [{ role: 'user', content: 'hi' }] };
    const response = await rig.get('/v1/chat/completions', post(said, { headers: { 'accept-language': 'zh-CN' } }));
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    // A stateless call of the web makes its own chat, so none of its can be gone.
    const means = row.means === 'not_found' && place === 'web' ? 'upstream_error' : row.means;
    expect([error['code'], error['surface']]).toEqual([means, surface]);
    expect(response.status).toBe(status >= 500 && status < 600 && place !== 'web' ? status : ERRORS[means].status);
    if (row.advice && means === row.means) expect(error['hint']).toBe(row.advice.zh);
  });
});
