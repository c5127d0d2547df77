import { ChatDocument } from '../chat/chat-document.ts';
import { factsOf } from '../models/facts.ts';
import { type RepairedRequest, repairRequest } from './repair-request.ts';
import type { AnsweredCall, Rule, SurfaceKind } from './rule.ts';
import { situationOf } from './situation.ts';

/** Where a request of a trial goes; the platform, no stream, if nothing is said. */
export interface TrialOptions extends Partial<AnsweredCall> {
  readonly model?: string;
  readonly surface?: SurfaceKind;
}

export interface Trial extends RepairedRequest {
  readonly before: Buffer;
  readonly after: Buffer;
  /** `after`, parsed. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** Applies rules to a plain object the way the gateway does: over bytes, through the triggers. */
export function tryRules(rules: readonly Rule[], body: unknown, options: TrialOptions = {}): Trial {
  const { model = 'kimi-k3', surface = 'platform', ...call } = options;
  const before = Buffer.from(JSON.stringify(body));
  const document = new ChatDocument(before);
  const facts = factsOf(model);
  const repaired = repairRequest(rules, document, (thinking) => situationOf(surface, facts, thinking), {
    stream: false,
    includeUsage: false,
    ...call,
  });
  const after = document.toBytes();
  return { ...repaired, before, after, request: JSON.parse(after.toString()) };
}
