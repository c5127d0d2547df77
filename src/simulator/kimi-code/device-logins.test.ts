import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../index.ts';
import { at } from '../sim-client.ts';
import type { Simulator } from '../simulator.ts';

const KEY = 'sk-kimi-sim';
const CLIENT = { client_id: 'somebody' };

let simulator: Simulator;
let now = Date.parse('2026-11-20T12:00:00Z');

beforeAll(async () => {
  simulator = await startSimulator({ now: () => now });
});
afterAll(() => simulator.close());

async function post(path: string, form: Readonly<Record<string, string>>): Promise<readonly [number, unknown]> {
  const response = await fetch(`${simulator.codeAuthUrl}/api/oauth/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return [response.status, await response.json()];
}

async function begin() {
  const [status, body] = await post('device_authorization', CLIENT);
  expect([status, body]).toEqual([200, expect.objectContaining({ expires_in: 900, interval: 5 })]);
  return { device: String(at(body, 'device_code')), user: String(at(body, 'user_code')) };
}

const poll = (device_code: string) =>
  post('token', { ...CLIENT, grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
const renew = (refresh_token: string) => post('token', { ...CLIENT, grant_type: 'refresh_token', refresh_token });
const models = async (bearer: string) => {
  const headers = { authorization: `Bearer ${bearer}`, 'user-agent': 'kimi-code-cli/2.1.0' };
  const response = await fetch(`${simulator.codeBaseUrl}/usages`, { headers });
  await response.text();
  return response.status;
};

test('a device logs in: pending, then tokens that are let in; the code works once', async () => {
  const { device, user } = await begin();
  expect(await poll(device)).toEqual([400, { error: 'authorization_pending' }]);
  now += 5_000;
  simulator.deviceLogins.pendingStatus = 200;
  expect(await poll(device)).toEqual([200, { error: 'authorization_pending' }]);
  simulator.deviceLogins.pendingStatus = 400;
  simulator.deviceLogins.approve(user, KEY);
  now += 5_000;
  const [status, granted] = await poll(device);
  expect([status, granted]).toEqual([200, expect.objectContaining({ token_type: 'Bearer', expires_in: 900 })]);
  expect(await models(String(at(granted, 'access_token')))).toBe(200);
  now += 5_000;
  expect(await poll(device)).toEqual([400, { error: 'invalid_grant' }]);
  now += 900_000;
  expect(await models(String(at(granted, 'access_token')))).toBe(401);
});

test('refresh tokens rotate, and one that was used is refused', async () => {
  const { device, user } = await begin();
  simulator.deviceLogins.approve(user, KEY);
  const [, first] = await poll(device);
  const refresh = String(at(first, 'refresh_token'));
  const [status, second] = await renew(refresh);
  expect(status).toBe(200);
  expect(at(second, 'refresh_token')).not.toBe(refresh);
  expect(await models(String(at(second, 'access_token')))).toBe(200);
  expect(await renew(refresh)).toEqual([400, { error: 'invalid_grant' }]);
});

test('who asks too often is slowed down, a refusal and the end of the time are told', async () => {
  const hasty = await begin();
  await poll(hasty.device);
  now += 1_000;
  expect(await poll(hasty.device)).toEqual([400, { error: 'slow_down' }]);
  now += 6_000;
  expect(await poll(hasty.device)).toEqual([400, { error: 'slow_down' }]);
  now += 15_000;
  expect(await poll(hasty.device)).toEqual([400, { error: 'authorization_pending' }]);
  simulator.deviceLogins.deny(hasty.user);
  now += 15_000;
  expect(await poll(hasty.device)).toEqual([400, { error: 'access_denied' }]);
  const late = await begin();
  now += 900_000;
  expect(await poll(late.device)).toEqual([400, { error: 'expired_token' }]);
  expect(await post('token', { grant_type: 'password' })).toEqual([400, { error: 'unsupported_grant_type' }]);
  expect(await post('device_authorization', {})).toEqual([400, { error: 'invalid_request' }]);
});
