import { systemClock } from '../../clock.ts';
import { type Config, loadConfig } from '../../config/index.ts';
import type { GatewayError } from '../../errors.ts';
import type { NewKeyInfo } from '../../keys/key-desk.ts';
import type { KeyInfo } from '../../keys/key-info.ts';
import { type KeyDetails, listKeys, showKey } from '../../keys/key-view.ts';
import { Keys } from '../../keys/keys.ts';
import { silentLog } from '../../log.ts';
import { createState, type State } from '../../state.ts';
import { failureOf } from '../chat/refusal.ts';
import { textOption } from '../command.ts';
import { type Endpoint, openRunning } from '../endpoint.ts';

/** Where keys are changed: at a running gateway, or in the database itself, which whoever has the configuration may. */
export interface KeySource {
  list(): Promise<readonly KeyInfo[]>;
  show(ref: string): Promise<KeyDetails>;
  create(settings: object): Promise<NewKeyInfo>;
  rotate(ref: string, graceMs: number | undefined): Promise<NewKeyInfo>;
  revoke(ref: string): Promise<KeyInfo>;
  forget(ref: string): Promise<void>;
  close(): Promise<void>;
}

type Values = Readonly<Record<string, unknown>>;

export async function openKeySource(values: Values): Promise<KeySource> {
  const running = await openRunning(values);
  if (running === undefined) return inDatabase(configOf(values));
  const key = textOption(values, 'adminKey') ?? running.config?.admin_key?.reveal();
  const source = atGateway(running, key);
  if (textOption(values, 'url') !== undefined || key !== undefined) return source;
  // Without an admin key it may listen to nobody; its database does, and it looks there every few seconds.
  const isOff = await source.list().then(
    () => false,
    (error: GatewayError) => error.status === 403 || error.status === 401,
  );
  return isOff ? inDatabase(configOf(values)) : source;
}

function configOf(values: Values): Config {
  return loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } }).config;
}

function atGateway(endpoint: Endpoint, adminKey: string | undefined): KeySource {
  const headers = {
    'content-type': 'application/json',
    ...(adminKey === undefined ? {} : { 'x-admin-key': adminKey }),
  };
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await endpoint.call(`/admin/keys${path}`, init);
    if (!response.ok) throw await failureOf(response);
    return response.json();
  };
  const at = (ref: string) => `/${encodeURIComponent(ref)}`;
  return {
    list: async () => ((await ask('GET', '')) as { data: readonly KeyInfo[] }).data,
    show: async (ref) => (await ask('GET', at(ref))) as KeyDetails,
    create: async (settings) => (await ask('POST', '', settings)) as NewKeyInfo,
    rotate: async (ref, grace) =>
      (await ask('POST', `${at(ref)}/rotate`, grace === undefined ? {} : { grace })) as NewKeyInfo,
    revoke: async (ref) => (await ask('POST', `${at(ref)}/revoke`)) as KeyInfo,
    forget: async (ref) => void (await ask('DELETE', at(ref))),
    close: () => endpoint.close(),
  };
}

function inDatabase(config: Config): KeySource {
  const state = createState(config, systemClock, silentLog);
  const keys = new Keys({ ...state, clock: systemClock, log: silentLog, config: () => config, mayHold: false });
  const view = () => ({ keys, config, now: systemClock.now(), coordination: state.coordination });
  const changing = async <T>(work: () => Promise<T>): Promise<T> => {
    await connected(state);
    return work();
  };
  return {
    list: () => listKeys(view()),
    show: (ref) => showKey(ref, view()),
    create: (settings) => changing(() => keys.desk.create(settings)),
    rotate: (ref, grace) => changing(() => keys.desk.rotate(ref, grace)),
    revoke: (ref) => changing(() => keys.desk.revoke(ref)),
    forget: async (ref) => void (await changing(() => keys.desk.forget(ref))),
    async close() {
      await keys.close();
      await state.close();
    },
  };
}

/** Messages reach the replicas only over a connection that is there; without one they find out by asking. */
const CONNECT_MS = 2_000;
const STEP_MS = 20;

async function connected({ coordination }: State): Promise<void> {
  for (let waited = 0; !coordination.shared && waited < CONNECT_MS; waited += STEP_MS) {
    await new Promise<void>((resolve) => setTimeout(resolve, STEP_MS));
  }
}
