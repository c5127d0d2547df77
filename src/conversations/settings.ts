import { GatewayError } from '../errors.ts';

/** What the configuration says of conversations. */
export interface ConversationSettings {
  readonly on_lost: 'error' | 'replay';
  readonly overflow: 'error' | 'truncate' | 'summarise';
  /** How many turns of this process may wait for one conversation, and how long. */
  readonly queue: number;
  readonly wait_ms: number;
  /** The most conversations and bytes of one owner, and of all. */
  readonly keep: number;
  readonly keep_all: number;
  readonly bytes: number;
  readonly bytes_all: number;
  /** The most bytes of one conversation. */
  readonly conversation_bytes: number;
  /** Unused for so many days it is forgotten; 0: never. */
  readonly age_days: number;
}

/** Throws conversation_full. */
export function checkSize(bytes: number, { conversation_bytes: most }: ConversationSettings): void {
  if (bytes <= most) return;
  throw new GatewayError('conversation_full', {
    message: `The conversation would have ${bytes} bytes; it may have ${most}.`,
  });
}

const DAY_MS = 86_400_000;

/** What was used before this time is forgotten. */
export function forgottenBefore({ age_days }: ConversationSettings, now: number): number {
  return age_days === 0 ? 0 : now - age_days * DAY_MS;
}
