import type { Adapter, ChatReply, ChatSend } from './adapter.ts';
import { formulaSearch } from './formula-search.ts';
import { callMessages, isEventStream } from './messages-call.ts';
import { openaiFace } from './openai-face.ts';
import { platformBalance } from './platform-balance.ts';
import type { Surface } from './surface.ts';

/** The open platform: the OpenAI face below `/v1`, and beside it the Anthropic face. */
export const platform: Adapter = {
  ...openaiFace,
  readQuota: platformBalance,
  search: formulaSearch,
  messages: {
    path: (surface) => `${messagesPath(surface) ?? surface.path}/messages`,
    /** Documented for the k3 family; that kimi-k2.6 answered there too was seen once (live probes of a Go gateway, 2026-09). */
    takes: (surface, facts) =>
      facts?.family === 'k3' && surface.face !== 'openai' && messagesPath(surface) !== undefined,
    send,
  },
};

async function send(call: ChatSend): Promise<ChatReply> {
  const path = messagesPath(call.surface) ?? call.surface.path;
  const reply = await callMessages({ ...call, path, managesContext: false });
  return { stream: isEventStream(reply), headers: reply.headers, body: reply.body };
}

/** `…/v1` is the OpenAI face, `…/anthropic/v1` the other one; undefined for an address of another form. */
function messagesPath({ path }: Surface): string | undefined {
  return path.endsWith('/v1') ? `${path.slice(0, -'/v1'.length)}/anthropic/v1` : undefined;
}
