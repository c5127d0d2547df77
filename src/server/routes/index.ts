import { anthropicMessages } from '../../protocols/anthropic-messages.ts';
import { LegacyCompletions } from '../../protocols/legacy-completions.ts';
import { openaiChat } from '../../protocols/openai-chat.ts';
import type { Inbound } from '../exchange.ts';
import type { RouteContext } from '../route.ts';
import type { Route } from '../router.ts';
import { ABSENT_ROUTES } from './absent.ts';
import {
  addCredential,
  changeCredential,
  listCredentials,
  listRefusals,
  removeCredential,
} from './admin-credentials.ts';
import { createKey, forgetKey, listAllKeys, revokeKey, rotateKey, showOneKey, updateKey } from './admin-keys.ts';
import { cancelBatch, createBatch, listBatches, showBatch } from './batches.ts';
import { answerIn } from './chat.ts';
import { CONVERSATIONS } from './conversations/index.ts';
import { countTokens } from './count-tokens.ts';
import { estimateTokenCount } from './estimate-token-count.ts';
import { deleteFile, fileContent, listFiles, showFile, uploadFile } from './files.ts';
import { healthz, readyz, root } from './health.ts';
import { showLogs } from './logs.ts';
import { showMetrics } from './metrics.ts';
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
  {
    path: '/v1/completions',
    methods: { POST: (inbound, context) => answerIn(new LegacyCompletions(), inbound, context) },
    ledger: 'openai-completions',
  },
  ...CONVERSATIONS,
  { path: '/v1/messages', ...messages },
  { path: '/v1/messages/count_tokens', ...tokens },
  ...RESPONSES,
  { path: '/v1/tokenizers/estimate-token-count', methods: { POST: estimateTokenCount } },
  { path: '/v1/models', methods: { GET: listModels } },
  { path: '/v1/models/{id...}', methods: { GET: showModel } },
  { path: '/admin/logs', methods: { GET: showLogs }, admin: true },
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
  { path: '/v1/files', methods: { GET: listFiles, POST: uploadFile } },
  { path: '/v1/files/{id}', methods: { GET: showFile, DELETE: deleteFile } },
  { path: '/v1/files/{id}/content', methods: { GET: fileContent } },
  { path: '/v1/batches', methods: { GET: listBatches, POST: createBatch } },
  { path: '/v1/batches/{id}', methods: { GET: showBatch } },
  { path: '/v1/batches/{id}/cancel', methods: { POST: cancelBatch } },
  { path: '/admin/keys', methods: { GET: listAllKeys, POST: createKey }, admin: true },
  { path: '/admin/keys/{id}', methods: { GET: showOneKey, PATCH: updateKey, DELETE: forgetKey }, admin: true },
  { path: '/admin/keys/{id}/rotate', methods: { POST: rotateKey }, admin: true },
  { path: '/admin/keys/{id}/revoke', methods: { POST: revokeKey }, admin: true },
  { path: '/healthz', methods: { GET: healthz }, open: true },
  { path: '/readyz', methods: { GET: readyz }, open: true },
  { path: '/metrics', methods: { GET: showMetrics }, admin: true },
  { path: '/', methods: { GET: root }, open: true },
  ...ABSENT_ROUTES,
];
