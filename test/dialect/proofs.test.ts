import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { RULES } from '../../src/dialect/rules/index.ts';
import { CN_KEY, type Rig, type RigOptions, type Settings, startRig } from '../setup.ts';
import { HISTORY_PROOFS } from './proofs/history.ts';
import type { Answer, Proof, Seen } from './proofs/proof.ts';
import { REQUEST_PROOFS } from './proofs/requests.ts';
import { ANSWER_PROOFS, TOOL_PROOFS } from './proofs/tools.ts';

const PROOFS: readonly Proof[] = [...REQUEST_PROOFS, ...HISTORY_PROOFS, ...TOOL_PROOFS, ...ANSWER_PROOFS];
const CODE_KEY = 'sk-kimi-rig-0123456789abcdef';
/** An agent that the coding surface lets in on its OpenAI face. */
const AGENT = 'kimi-code-cli/2.1.0';
const proven: string[] = [];

function rigOptions({ surface = 'platform', simulator = {} }: Proof): RigOptions {
  return {
    simulator: {
      ...simulator,
      accounts: [
        { keys: CN_KEY, host: 'cn' },
        { keys: CODE_KEY, host: 'code' },
      ],
    },
    secrets: [CODE_KEY],
    mayFetchFrom: () => true,
    config: ({ cnBaseUrl, codeBaseUrl }) => ({ surfaces: surfaces(surface, cnBaseUrl, codeBaseUrl) }),
  };
}

function surfaces(kind: NonNullable<Proof['surface']>, cn: string, code: string): Settings {
  switch (kind) {
    case 'platform':
      return { 'moonshot-cn': { base_url: cn, credentials: [{ key: CN_KEY }] } };
    case 'coding':
      return { 'kimi-code': { base_url: code, face: 'openai', credentials: [{ key: CODE_KEY }] } };
    case 'compatible':
      return {
        other: {
          type: 'compatible',
          base_url: cn,
          credentials: [{ key: CN_KEY }],
          models: { elsewhere: 'kimi-k2.6' },
        },
      };
  }
}

async function send(rig: Rig, body: Settings, headers: Proof['headers'] = {}): Promise<Response> {
  // Not `rig.fetch`: what comes without the rule need not have a client's shape.
  return fetch(`${rig.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': AGENT, ...headers },
    body: JSON.stringify(body),
  });
}

async function play(proof: Proof, disabled: readonly string[]): Promise<Seen> {
  const options = rigOptions(proof);
  const configured = typeof options.config === 'function' ? options.config : () => ({});
  await using rig = await startRig({
    ...options,
    config: (simulator) => ({ ...configured(simulator), dialect: { disabled } }),
  });
  await using pictures = await servePicture();
  const request = JSON.parse(JSON.stringify(proof.request).replaceAll('PORT', String(pictures.port))) as Settings;
  if (proof.before) await (await send(rig, proof.before, proof.headers)).text();
  const response = await send(rig, request, proof.headers);
  const text = await response.text();
  const isStream = (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
  const events = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data ?? '') as Answer);
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isStream ? {} : (JSON.parse(text) as Answer),
    chunks: isStream ? events : [],
    sent: rig.simulator.calls
      .filter(({ path }) => path.endsWith('/chat/completions'))
      .map((call) => call.body as Settings),
  };
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function servePicture(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(PNG));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('every rule has a proof', () => {
  const ids = RULES.map(({ id }) => id);
  expect([...new Set(PROOFS.map(({ rule }) => rule))].toSorted()).toEqual(ids.toSorted());
  const aside = PROOFS.flatMap((proof) => [...(proof.aside ?? []), proof.rule]);
  expect(aside.filter((id) => !ids.includes(id))).toEqual([]);
});

test.each(PROOFS)('$rule: $what', async (proof) => {
  const { rule, what, aside = [] } = proof;
  const without = await play(proof, [...aside, rule]);
  proof.without(without);
  const repaired = await play(proof, aside);
  proof.with(repaired);
  const said = without.body.error?.message;
  const mark = said === undefined ? 'served with the defect' : `${without.status} ${said.slice(0, 70)}`;
  const request = aside.length === 0 ? what : `${what} (both without ${aside.join(', ')})`;
  proven.push([rule.padEnd(21), request.slice(0, 84).padEnd(84), mark.padEnd(74), String(repaired.status)].join(' | '));
});

afterAll(() => {
  const head = ['rule'.padEnd(21), 'request'.padEnd(84), 'without the rule'.padEnd(74), 'with it'].join(' | ');
  process.stdout.write(`\n${[head, ...proven].join('\n')}\n${proven.length} proofs of ${RULES.length} rules\n`);
});
