import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { RawClient, request } from '../http/raw.ts';
import { builtCli, type Served, serve } from '../process.ts';
import { AI_KEY, CN_KEY, platform, post, type Settings } from '../setup.ts';
import { until } from '../until.ts';

beforeAll(() => void builtCli());

const simulators: Simulator[] = [];

afterEach(async () => {
  await Promise.all(simulators.splice(0).map((simulator) => simulator.close()));
});

async function simulated(): Promise<Simulator> {
  const accounts = [
    { keys: CN_KEY, host: 'cn', id: 'org-cn' },
    { keys: AI_KEY, host: 'ai', id: 'org-ai' },
  ] as const;
  const simulator = await startSimulator({ accounts });
  simulators.push(simulator);
  return simulator;
}

const settings = (simulator: Simulator, more: Settings = {}): Settings => ({
  listen: '127.0.0.1:0',
  surfaces: platform(simulator),
  ...more,
});

const ask = async (served: Served, model: string) => {
  const body = { model, messages: [{ role: 'user', content: 'sim: say hi' }] };
  return fetch(`${await served.url()}/v1/chat/completions`, post(body, { headers: { connection: 'close' } }));
};

/** A stream that runs for about two seconds, begun. */
async function running(served: Served): Promise<RawClient> {
  const client = new RawClient(Number(new URL(await served.url()).port));
  const content = 'sim: pause 20\nsim: say-n 100';
  await client.write(request(JSON.stringify({ model: 'k25', stream: true, messages: [{ role: 'user', content }] })));
  await client.receives('"content":" one"');
  return client;
}

function expectNoSecret(served: Served): void {
  const said = served.stdout + served.stderr;
  expect(said).not.toContain(CN_KEY);
  expect(said).not.toContain(AI_KEY);
}

test('SIGTERM: nobody new, the running stream ends well, exit code 0', async () => {
  const simulator = await simulated();
  await using served = await serve(settings(simulator));
  using client = await running(served);
  served.signal('SIGTERM');
  await until(
    () =>
      ask(served, 'k25').then(
        () => false,
        () => true,
      ),
    'new connections to be refused',
  );
  expect(client.received).not.toContain('[DONE]');
  await client.receives('data: [DONE]');
  expect(await served.exit()).toBe(0);
  expect(client.received.match(/"content":"/g)?.length).toBeGreaterThan(10);
  expectNoSecret(served);
});

test('SIGTERM: what does not end within stop_ms is broken off', async () => {
  const simulator = await simulated();
  await using served = await serve(settings(simulator, { timeouts: { stop_ms: 100 } }));
  using client = new RawClient(Number(new URL(await served.url()).port));
  const body = { model: 'k25', stream: true, messages: [{ role: 'user', content: 'sim: say hi\nsim: stall' }] };
  await client.write(request(JSON.stringify(body)));
  await client.receives('"content":"hi"');
  served.signal('SIGTERM');
  expect(await served.exit()).toBe(0);
  await until(() => simulator.calls.at(-1)?.aborted, 'the hang-up');
});

test.each(['SIGHUP', 'the change of the file'])('%s reloads without dropping a stream', async (how) => {
  const simulator = await simulated();
  await using served = await serve(settings(simulator));
  using client = await running(served);
  expect((await ask(served, 'neu')).status).toBe(404);
  served.configure(JSON.stringify(settings(simulator, { aliases: { neu: 'kimi-k2.6' } })));
  if (how === 'SIGHUP') served.signal('SIGHUP');
  await until(async () => (await ask(served, 'neu')).status === 200, 'the new alias');
  await client.receives('data: [DONE]');
  served.signal('SIGTERM');
  expect(await served.exit()).toBe(0);
  expect(served.stderr).toContain('configuration reloaded');
  expectNoSecret(served);
});

test('a broken new file changes nothing and is told', async () => {
  const simulator = await simulated();
  await using served = await serve(settings(simulator, { aliases: { neu: 'kimi-k2.6' } }));
  served.configure(
    `{"listen": "127.0.0.1:0", "timeouts": {"idle_ms": "soon"}, "surfaces": {"moonshot-cn": {"credentials": [{"key": "${CN_KEY}"}]}}}`,
  );
  served.signal('SIGHUP');
  // At once, and not only when there is more to be written.
  await until(() => served.stderr.includes('the new configuration is broken; the old one stays'), 'the log line');
  expect((await ask(served, 'neu')).status).toBe(200);
  served.configure(JSON.stringify(settings(simulator, { aliases: { newest: 'kimi-k2.6' } })));
  served.signal('SIGHUP');
  await until(async () => (await ask(served, 'newest')).status === 200, 'the mended file');
  served.signal('SIGTERM');
  expect(await served.exit()).toBe(0);
  expect(served.stderr).toContain('idle_ms');
  expectNoSecret(served);
});

test('the demo needs nothing', async () => {
  await using served = await serve(undefined, '--demo', '--listen', '127.0.0.1:0');
  const response = await ask(served, 'k25');
  expect(response.status).toBe(200);
  expect(response.headers.get('x-moongate-surface')).toBe('simulator');
  expect(served.stdout).toContain('DEMO');
  served.signal('SIGINT');
  expect(await served.exit()).toBe(0);
});

test('without credentials it starts and says what is missing', async () => {
  await using served = await serve(undefined, '--listen', '127.0.0.1:0');
  expect(served.stdout).toContain('MOONSHOT_API_KEY');
  const response = await ask(served, 'k25');
  expect(response.status).toBe(503);
  expect(await response.text()).toContain('MOONSHOT_API_KEY');
  served.signal('SIGTERM');
  expect(await served.exit()).toBe(0);
});
