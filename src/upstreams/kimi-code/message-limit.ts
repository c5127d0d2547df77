import { refusalById } from '../../atlas/index.ts';
import { GatewayError } from '../../errors.ts';

/** Kimi Code error reference: `total message size 5943865 exceeds limit 2097152`. */
const LIMIT = 2_097_152;

/** Refuses what the vendor would refuse, before it is sent. `messages` is read only if the whole body is over the limit. */
export function checkMessageSize(surface: string, body: Buffer, messages: () => unknown): void {
  if (body.length <= LIMIT) return;
  const size = Buffer.byteLength(JSON.stringify(messages() ?? ''));
  if (size <= LIMIT) return;
  throw new GatewayError('upstream_too_large', {
    // As if the vendor had said it.
    refusal: 'code-too-large',
    surface,
    message: `The messages have ${size} bytes; Kimi Code takes at most ${LIMIT}.`,
    hint: refusalById('code-too-large')?.advice?.en ?? '',
  });
}
