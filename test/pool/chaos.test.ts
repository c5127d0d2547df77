import { expect, test } from 'vitest';
import type { FaultOrder } from '../../src/simulator/index.ts';
import { chances } from './chances.ts';
import { startPoolRig } from './pool-rig.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Rig = Awaited<ReturnType<typeof startPoolRig>>;
type Fault = NonNullable<FaultOrder['fault']>;

interface Patient {
  /** Its key; on the web chat the name of its account. */
  readonly name: string;
  readonly surface: string;
  readonly fault: Fault;
  /** The least pause after such a failure, as a client of the vendor would keep it; written down apart from the pool. */
  readonly restMs: number;
  /** What the failure does to its quota, so that the surface tells the same when it is asked. */
  readonly spend?: (rig: Rig, until: number) => void;
}

const web = (status: number, code: string, reason: string): Fault => {
  const message = '当前模型使用次数已达上限';
  const debug = { reason, localizedMessage: { locale: 'zh-CN', message } };
  return { status, message, json: { code, details: [{ debug }] } };
};

/** Twelve, over all surfaces, each with its own way to fail. */
const PATIENTS: readonly Patient[] = [
  { name: 'sk-cn-rate', surface: 'moonshot-cn', fault: 'rate-limit', restMs: SECOND },
  {
    name: 'sk-cn-quota',
    surface: 'moonshot-cn',
    fault: 'quota',
    restMs: 5 * MINUTE,
    spend({ simulator, clock }) {
      const account = simulator.account('sk-cn-quota');
      account.cash = 0;
      clock.after(5 * MINUTE, () => {
        account.cash = 1_000;
      });
    },
  },
  { name: 'sk-cn-overload', surface: 'moonshot-cn', fault: 'overload', restMs: 0 },
  {
    name: 'sk-ai-model',
    surface: 'moonshot-ai',
    fault: {
      status: 404,
      type: 'resource_not_found_error',
      message: 'Not found the model kimi-k2.6 or Permission denied',
    },
    restMs: 10 * MINUTE,
  },
  { name: 'sk-ai-permission', surface: 'moonshot-ai', fault: 'permission', restMs: 5 * MINUTE },
  {
    name: 'sk-kimi-weekly',
    surface: 'kimi-code',
    fault: 'code-weekly',
    restMs: 12 * MINUTE,
    spend({ simulator }, until) {
      Object.assign(simulator.subscription('sk-kimi-weekly').weekly, { used: 100, resetAt: until });
    },
  },
  {
    name: 'sk-kimi-window',
    surface: 'kimi-code',
    fault: 'code-window',
    restMs: 9 * MINUTE,
    spend({ simulator }, until) {
      Object.assign(simulator.subscription('sk-kimi-window').window, { used: 100, resetAt: until });
    },
  },
  { name: 'sk-kimi-concurrency', surface: 'kimi-code', fault: 'code-concurrency', restMs: SECOND },
  {
    name: 'limited',
    surface: 'kimi-web',
    fault: web(429, 'resource_exhausted', 'MODEL_RATE_LIMIT'),
    restMs: MINUTE,
  },
  { name: 'tired', surface: 'kimi-web', fault: web(503, 'unavailable', 'REASON_COMPLETION_OVERLOADED'), restMs: 0 },
  { name: 'sk-other-reset', surface: 'other', fault: 'reset', restMs: 0 },
  { name: 'sk-other-504', surface: 'other', fault: 'html-504', restMs: 0 },
];

const CHANCE = 0.3;
const REQUESTS = 2_000;
const CLIENTS = 8;
/** Time passes only between calls, so all of a step are under way together and may fail together. */
const STEP_MS = 20_000;

const messages = (content: string) => ({ messages: [{ role: 'user', content }] });

/** How clients ask, and with what an answer ends that is whole. */
const WAYS = [
  { path: '/v1/chat/completions', body: messages, end: '"finish_reason":"stop"' },
  {
    path: '/v1/chat/completions',
    body: (content: string) => ({ stream: true, ...messages(content) }),
    end: 'data: [DONE]',
  },
  {
    path: '/v1/messages',
    body: (content: string) => ({ stream: true, max_tokens: 1_000, ...messages(content) }),
    end: 'event: message_stop',
  },
  {
    path: '/v1/responses',
    body: (input: string) => ({ stream: true, store: false, input }),
    end: 'event: response.completed',
  },
] as const;

const keysOf = (surface: string) => PATIENTS.filter((one) => one.surface === surface).map(({ name }) => name);
const on = (host: 'cn' | 'ai' | 'code', surface: string) => keysOf(surface).map((keys) => ({ keys, host }));

/** Few enough a minute that every surface gets its share of the requests. */
const limits = { rpm: 2 };
const models = (name: string) => ({ models: { 'kimi-k2.6': name } });

const startChaos = () =>
  startPoolRig(
    [...on('cn', 'moonshot-cn'), ...on('ai', 'moonshot-ai'), ...on('code', 'kimi-code'), ...on('cn', 'other')],
    (base, { aiBaseUrl, codeBaseUrl, webBaseUrl }) => {
      const credentials = (surface: string) => keysOf(surface).map((key) => ({ key, limits }));
      return {
        routes: { default: ['moonshot-cn', 'moonshot-ai', 'kimi-code', 'kimi-web', 'other'] },
        surfaces: {
          'moonshot-cn': { base_url: base, credentials: credentials('moonshot-cn') },
          'moonshot-ai': { base_url: aiBaseUrl, credentials: credentials('moonshot-ai') },
          'kimi-code': { base_url: codeBaseUrl, credentials: credentials('kimi-code'), ...models('kimi-for-coding') },
          'kimi-web': {
            base_url: webBaseUrl,
            credentials: keysOf('kimi-web').map((name) => ({ key: `refresh-${name}`, limits })),
          },
          other: {
            type: 'compatible',
            base_url: base,
            credentials: keysOf('other').map((key) => ({ key })),
            ...models('kimi-k2.6'),
          },
        },
      };
    },
    keysOf('kimi-web').map((id) => ({ id, refreshToken: `refresh-${id}` })),
  );

const INFERENCE = /(\/chat\/completions|\/messages|ChatService\/Chat)$/;

test('twelve credentials over all surfaces that fail in twelve ways: no client sees it, and none is asked while it should rest', async () => {
  await using rig = await startChaos();
  const random = chances(20_261_121);
  const failures = new Map<string, number>();
  const tooEarly: string[] = [];
  for (const { name, fault, restMs, spend } of PATIENTS) {
    let failedAt = 0;
    let until = 0;
    const match: FaultOrder['match'] = ({ path, headers, arrivedAt }) => {
      const shown = headers['authorization'] ?? '';
      const isHis = shown === `Bearer ${name}` || shown.endsWith(`.sim-web-access-${name}-${shown.split('-').at(-1)}`);
      if (!isHis || !INFERENCE.test(path)) return false;
      if (arrivedAt > failedAt && arrivedAt < until) tooEarly.push(`${name}: ${until - arrivedAt} ms too early`);
      if (random() >= CHANCE) return false;
      failures.set(name, (failures.get(name) ?? 0) + 1);
      failedAt = arrivedAt;
      until = arrivedAt + restMs;
      spend?.(rig, until);
      return true;
    };
    rig.simulator.fail({ fault, times: Number.POSITIVE_INFINITY, match });
  }

  const seen: string[] = [];
  let left = REQUESTS;
  const client = async () => {
    while (left-- > 0) {
      const { path, body, end } = WAYS[left % WAYS.length] ?? WAYS[0];
      const { status, text } = await rig.post(path, { model: 'kimi-k2.6', ...body(`question ${left}`) });
      seen.push(status === 200 && text.includes(end) ? 'served' : text);
      await new Promise<void>((resolve) => rig.clock.after(STEP_MS, resolve));
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  while (seen.length < REQUESTS) await rig.pass(STEP_MS, STEP_MS);
  await rig.pass(STEP_MS, STEP_MS);
  await Promise.all(clients);

  expect(seen.filter((answer) => answer !== 'served')).toEqual([]);
  expect(seen).toHaveLength(REQUESTS);
  expect(tooEarly).toEqual([]);
  // Everybody has failed, and has served: rests end.
  expect([...failures.keys()].sort()).toEqual(PATIENTS.map(({ name }) => name).sort());
  const served = rig
    .pool()
    .view()
    .flatMap(({ credentials }) => credentials.filter((one) => one.served > 0));
  expect(served).toHaveLength(PATIENTS.length);
}, 120_000);
