import { post, type Rig, type RigOptions, type Settings } from '../setup.ts';
import { type ConversationRig, conversationRig } from './rig.ts';

export const KEY = 'key-of-a-conversation-0123456789';
export const OTHER = 'key-of-somebody-else-0123456789';
export const ADMIN = 'admin-key-of-the-tests-0123456789';

/** A gateway with two keys: `me`, who has these rules, and `other`, who has none. */
export function keyedRig(
  rules: Settings = {},
  more: Settings = {},
  options: Pick<RigOptions, 'clock'> = {},
): Promise<ConversationRig> {
  const keys = [
    { name: 'me', key: KEY, ...rules },
    { name: 'other', key: OTHER },
  ];
  return conversationRig({ admin_key: ADMIN, keys, ...more }, { ...options, secrets: [KEY, OTHER, ADMIN] });
}

export const as = (key: string) => ({ authorization: `Bearer ${key}` });

/** What the owner is told of a key. */
export async function keyInfo(
  rig: Rig,
  name = 'me',
): Promise<{
  readonly limits: readonly { readonly of: string; readonly remaining: number }[];
  readonly spent: { readonly daily: number; readonly monthly: number };
}> {
  return (await rig.get(`/admin/keys/${name}`, { headers: { 'x-admin-key': ADMIN } })).json() as never;
}

export interface TurnWay {
  readonly way: string;
  /** One turn of the conversation, by this way. */
  take(rig: Rig, id: string, said: string, more?: Settings, key?: string): Promise<Response>;
}

const chat = (said: string, more: Settings): Settings => ({
  ...{ model: 'kimi-k2.6', messages: [{ role: 'user', content: said }] },
  ...more,
});

/** Every way to take a turn. */
export const WAYS: readonly TurnWay[] = [
  {
    way: 'the path',
    take: (rig, id, said, more = {}, key = KEY) =>
      rig.get(`/v1/chat/completions/${id}`, post(chat(said, more), { headers: as(key) })),
  },
  {
    way: 'the body',
    take: (rig, id, said, more = {}, key = KEY) =>
      rig.chat(chat(said, { conversation_id: id, ...more }), { headers: as(key) }),
  },
  {
    way: 'the header',
    take: (rig, id, said, more = {}, key = KEY) =>
      rig.chat(chat(said, more), { headers: { ...as(key), 'x-conversation-id': id } }),
  },
  {
    way: 'the header, of Messages',
    take: (rig, id, said, more = {}, key = KEY) =>
      rig.get(
        '/v1/messages',
        post(chat(said, { max_tokens: 1_000, ...more }), { headers: { ...as(key), 'x-conversation-id': id } }),
      ),
  },
  {
    way: 'the header, of Responses',
    take: (rig, id, said, { max_tokens: most, ...more } = {}, key = KEY) =>
      rig.get(
        '/v1/responses',
        post(
          { model: 'kimi-k2.6', input: said, ...(most === undefined ? {} : { max_output_tokens: most }), ...more },
          { headers: { ...as(key), 'x-conversation-id': id } },
        ),
      ),
  },
];

/** The statuses of turns, one after the other, nothing of their bodies left open. */
export async function statusOf(coming: Promise<Response>): Promise<number> {
  const response = await coming;
  await response.text();
  return response.status;
}
