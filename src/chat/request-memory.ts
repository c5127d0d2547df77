import { ConversationMemory } from './conversation-memory.ts';
import { ValueMemory } from './value-memory.ts';

/** What was found in recent requests, so that the parts that come again are not read again. */
export class RequestMemory {
  readonly conversations = new ConversationMemory();
  readonly values = new ValueMemory();
}
