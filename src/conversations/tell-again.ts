import type { ChatCompletion } from '../chat/chat.ts';
import { unfold } from '../chat/fold.ts';
import { type ChatAnswer, Outcome } from '../pipeline/call.ts';
import type { Asked } from '../pipeline/prepare.ts';
import { writeEvent } from '../stream/sse-writer.ts';
import type { AnsweredTurn } from './turn-draft.ts';

/** The answer to a turn that was answered before, in the form that is asked for now. */
export function tellAgain({ conversation, turn }: AnsweredTurn, { stream, includeUsage }: Asked): ChatAnswer {
  const { id, created, model = '', finish_reason = 'stop', usage, surface = '' } = turn.facts ?? {};
  const completion: ChatCompletion = {
    id: id ?? turn.id,
    object: 'chat.completion',
    created: created ?? Math.floor(turn.at / 1000),
    model,
    choices: [{ index: 0, message: turn.answer ?? { role: 'assistant', content: '' }, finish_reason }],
    ...(usage && (includeUsage || !stream) ? { usage } : {}),
  };
  const served = {
    ...{ model, asked: conversation.model ?? model, because: 'asked', surface },
    credential: conversation.details.served?.credential ?? '',
    ...{ repairs: [], fallbacks: [], waitedMs: 0, outcome: new Outcome() },
    notes: ['the turn of this Idempotency-Key was answered before; its answer is told again'],
  };
  if (!stream) return { ...served, whole: Buffer.from(JSON.stringify(completion)) };
  return { ...served, events: once(Buffer.concat(unfold(completion).map(writeEvent))) };
}

async function* once(run: Buffer): AsyncGenerator<Buffer> {
  yield run;
}
