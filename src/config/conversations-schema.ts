import { z } from 'zod';
import { choice, count, duration, size } from './fields.ts';

/** What becomes of conversations that the gateway remembers. */
export const conversationsSchema = z.strictObject({
  on_lost: choice(
    'When the chat on the web surface that a conversation goes on in is gone, or its token: `error` says so, `replay` tells the history to a new chat.',
    ['error', 'replay'],
  ).prefault('error'),
  overflow: choice(
    "When a history outgrows the model's window: `error` lets the surface refuse it, `truncate` leaves the oldest turns out, `summarise` sends a summary of them, which the same model writes.",
    ['error', 'truncate', 'summarise'],
  ).prefault('error'),
  queue: count(
    'Turns that may wait for the same conversation at once, in each process. Further ones get a 409 with Retry-After.',
    0,
    10_000,
  ).prefault(32),
  wait_ms: duration('How long a turn may wait for those before it in its conversation.', { zero: true }).prefault('2m'),
  keep: count(
    'Conversations of one inbound key. Beyond that those go that were not used for longest; 0: none are kept.',
    0,
    10_000_000,
  ).prefault(2_000),
  keep_all: count('Conversations in all.', 0, 100_000_000).prefault(100_000),
  conversation_bytes: size('The largest single conversation.').prefault('16MiB'),
  bytes: size('The most bytes of the conversations of one inbound key.').prefault('512MiB'),
  bytes_all: size('The most bytes of all conversations.').prefault('8GiB'),
  age_days: count('Days after which a conversation that nobody uses is forgotten. 0: never.', 0, 36_500).prefault(180),
});
