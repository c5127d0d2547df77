import type { Route } from '../../router.ts';
import { countInput } from './count-input.ts';
import { createResponse } from './create.ts';
import { listInputItems } from './input-items.ts';
import { cancelResponse, deleteResponse, showResponse } from './kept.ts';

/** OpenAI's Responses. */
export const RESPONSES: readonly Route[] = [
  { path: '/v1/responses', methods: { POST: createResponse }, ledger: 'openai-responses' },
  { path: '/v1/responses/input_tokens', methods: { POST: countInput } },
  { path: '/v1/responses/{id}', methods: { GET: showResponse, DELETE: deleteResponse } },
  { path: '/v1/responses/{id}/cancel', methods: { POST: cancelResponse } },
  { path: '/v1/responses/{id}/input_items', methods: { GET: listInputItems } },
];
