import type { ChatChunk, ChatRequest } from '../chat/chat.ts';
import { JsonDocument } from '../chat/json-document.ts';
import { factsOf } from '../models/facts.ts';
import { AnswerRepairs } from './repair-answer.ts';
import { repairRequest } from './repair-request.ts';
import type { AnswerRetry, Rule, SurfaceKind } from './rule.ts';
import { situationOf } from './situation.ts';

export interface Trial {
  readonly request: Record<string, unknown>;
  readonly notes: readonly string[];
  readonly changed: boolean;
  readonly answer: AnswerRepairs;
  readonly retries: readonly AnswerRetry[];
}

/** For tests: what rules make of a request, end to end through the document. */
export function tryRules(
  rules: readonly Rule[],
  request: object,
  where: { surface?: SurfaceKind; model?: string; stream?: boolean } = {},
): Trial {
  const { surface = 'platform', model = 'kimi-k3', stream = true } = where;
  const document = JsonDocument.from(request as Record<string, unknown>);
  const facts = factsOf(model);
  const { repairs, answerRepairs, retries } = repairRequest(
    rules,
    document,
    (thinking) => situationOf(surface, facts, thinking),
    { stream, includeUsage: false },
  );
  return {
    request: document.toObject(),
    notes: repairs.map(({ what }) => what),
    changed: document.changed,
    answer: new AnswerRepairs(answerRepairs),
    retries,
  };
}

/** For tests: a request repair applied to a plain object. */
export function applyRule(
  rule: Rule,
  request: ChatRequest,
  surface: SurfaceKind = 'platform',
  model = 'kimi-k3',
): ChatRequest {
  const situation = situationOf(surface, factsOf(model), request.thinking);
  const ignore = () => {};
  return (
    rule.request?.apply(request, {
      situation,
      stream: false,
      note: ignore,
      onAnswer: ignore,
      undo: ignore,
      onRetry: ignore,
    }) ?? request
  );
}

/** For tests: chunks as they pass the gateway; those that concern no repair stay the same objects, unread. */
export function passChunks(answer: AnswerRepairs, chunks: readonly ChatChunk[]): ChatChunk[] {
  const sent = chunks.flatMap((chunk): ChatChunk[] => {
    const passed = answer.concern(Buffer.from(JSON.stringify(chunk))) ? answer.chunk(chunk) : chunk;
    return passed === undefined ? [] : [passed];
  });
  return [...sent, ...answer.end()];
}
