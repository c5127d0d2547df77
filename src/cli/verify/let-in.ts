import { GatewayError } from '../../errors.ts';
import type { Endpoint } from '../endpoint.ts';
import { refusal } from './chat-stream.ts';
import type { Answer } from './exchange.ts';

const REFUSALS = [401, 402, 403];

/** Behind a key that is good for nothing every check would tell the same. */
export function assertLetIn(endpoint: Endpoint, answer: Answer): void {
  if (!REFUSALS.includes(answer.status)) return;
  throw new GatewayError('upstream_auth', {
    message: `${endpoint.label} does not let us in: ${refusal(answer)}`,
    hint: 'Give its key with --key; keys of platform.kimi.com and platform.kimi.ai are not interchangeable.',
  });
}
