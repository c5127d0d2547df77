import type { Simulator } from '../../src/simulator/index.ts';
import { post, type Rig, type RigOptions, type Settings, startRig } from '../setup.ts';
import { DataFolder } from './seed-example.ts';

export interface ConversationRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly data: string;
  /** One turn of the conversation `id`. */
  say(id: string, content: string, more?: Settings, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** GET, or what `init` says, as JSON. */
  json(path: string, init?: RequestInit): Promise<Record<string, unknown>>;
  /** Who said what, in order. */
  told(id: string): Promise<string[]>;
}

/** A gateway with a database of its own. */
export async function conversationRig(
  config: Settings | ((simulator: Simulator) => Settings) = {},
  options: Omit<RigOptions, 'config'> = {},
): Promise<ConversationRig> {
  const data = new DataFolder();
  const settings = (simulator: Simulator) => (typeof config === 'function' ? config(simulator) : config);
  const rig = await startRig({ ...options, config: (simulator) => ({ data: data.path, ...settings(simulator) }) });
  const json = async (path: string, init?: RequestInit) =>
    (await (await rig.get(path, init)).json()) as Record<string, unknown>;
  return {
    rig,
    data: data.path,
    say: (id, content, more = {}, headers = {}) =>
      rig.get(
        `/v1/chat/completions/${encodeURIComponent(id)}`,
        post({ model: 'kimi-k2.6', messages: [{ role: 'user', content }], ...more }, { headers }),
      ),
    json,
    async told(id) {
      const { messages = [] } = await json(`/v1/conversations/${encodeURIComponent(id)}`);
      return (messages as Message[]).map(
        ({ role, content, status }) => `${role}${status === 'partial' ? '*' : ''}: ${content}`,
      );
    },
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]();
      data[Symbol.dispose]();
    },
  };
}

export interface Message {
  readonly id: string;
  readonly role: string;
  readonly content: string;
  readonly status?: string;
  readonly [member: string]: unknown;
}

export const messagesOf = (view: Record<string, unknown>) => view['messages'] as Message[];

/** What the simulator was last told. */
export function lastHistory({ simulator }: Rig): { role: string; content: string }[] {
  const body = simulator.calls.findLast(({ path }) => path.endsWith('/chat/completions'))?.body;
  return (body as { messages: { role: string; content: string }[] }).messages;
}

export const sent = (method: string, body: unknown = {}): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
