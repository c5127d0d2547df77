import { anthropicMessages } from '../../protocols/anthropic-messages.ts';
import { openaiChat } from '../../protocols/openai-chat.ts';
import type { Inbound } from '../exchange.ts';
import type { RouteContext } from '../route.ts';
import type { Route } from '../router.ts';
import {
  addCredential,
  changeCredential,
  listCredentials,
  listRefusals,
  removeCredential,
} from './admin-credentials.ts';
import { answerIn } from './chat.ts';
import { countTokens } from './count-tokens.ts';
import { estimateTokenCount } from './estimate-token-count.ts';
import { healthz, readyz, root } from './health.ts';
import { listModels, showModel } from './models.ts';
import { RESPONSES } from './responses/index.ts';
import { exportCalls, showUsage } from './usage.ts';

const messages = {
  methods: { POST: (inbound: Inbound, context: RouteContext) => answerIn(anthropicMessages, inbound, context) },
  protocol: anthropicMessages,
  ledger: 'anthropic-messages',
} satisfies Omit<Route, 'path'>;
const tokens = { methods: { POST: countTokens }, protocol: anthropicMessages } satisfies Omit<Route, 'path'>;

/** Every path of the API. */
export const ROUTES: readonly Route[] = [
  {
    path: '/v1/chat/completions',
    methods: { POST: (inbound, context) => answerIn(openaiChat, inbound, context) },
    ledger: 'openai-chat',
  },
  { path: '/v1/messages', ...messages },
  { path: '/v1/messages/count_tokens', ...tokens },
  ...RESPONSES,
  { path: '/v1/tokenizers/estimate-token-count', methods: { POST: estimateTokenCount } },
  { path: '/v1/models', methods: { GET: listModels } },
  { path: '/v1/models/{id...}', methods: { GET: showModel } },
  { path: '/admin/usage', methods: { GET: showUsage }, admin: true },
  { path: '/admin/usage/calls', methods: { GET: exportCalls }, admin: true },
  { path: '/admin/credentials', methods: { GET: listCredentials, POST: addCredential }, admin: true },
  { path: '/admin/credentials/{id}', methods: { DELETE: removeCredential }, admin: true },
  ...(['enable', 'disable', 'clear', 'test'] as const).map((action) => ({
    path: `/admin/credentials/{id}/${action}`,
    methods: { POST: changeCredential(action) },
    admin: true,
  })),
  { path: '/admin/refusals', methods: { GET: listRefusals }, admin: true },
  { path: '/healthz', methods: { GET: healthz }, open: true },
  { path: '/readyz', methods: { GET: readyz }, open: true },
  { path: '/', methods: { GET: root }, open: true },
];
