import { ChatDocument } from '../chat/chat-document.ts';
import { JsonSyntaxError } from '../chat/json-spans.ts';
import type { ReasoningScope } from '../dialect/reasoning/reasoning-memory.ts';
import { AnswerRepairs } from '../dialect/repair-answer.ts';
import { type Repair, repairRequest } from '../dialect/repair-request.ts';
import type { Rule } from '../dialect/rule.ts';
import { situationOf } from '../dialect/situation.ts';
import { GatewayError } from '../errors.ts';
import type { Target } from '../models/resolve.ts';
import type { Surface } from '../upstreams/surface.ts';

/** What the gateway reads of a request before it knows who will serve it. */
export interface Asked {
  readonly document: ChatDocument;
  /** Undefined if the client names none. */
  readonly model: string | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** Reads the structure of a request body. Throws invalid_json and invalid_request. */
export function readRequest(body: Buffer): Asked {
  return orInvalidJson(() => {
    const document = new ChatDocument(body);
    const model = document.get('model');
    const messages = document.has('messages');
    if (model !== undefined && model !== null && typeof model !== 'string') {
      throw new GatewayError('invalid_request', { message: '`model` must be a string.', param: 'model' });
    }
    if (!messages) {
      throw new GatewayError('invalid_request', { message: '`messages` is missing.', param: 'messages' });
    }
    return { document, model: model || undefined, stream: readStream(document), includeUsage: asksForUsage(document) };
  });
}

/** The inside of a member is parsed when somebody asks for it, so that a mistake there may be found at any step. */
function orInvalidJson<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) {
      throw new GatewayError('invalid_json', { message: `The request body is not valid JSON: ${thrown.message}.` });
    }
    throw thrown;
  }
}

function readStream(document: ChatDocument): boolean {
  const stream = document.get('stream');
  if (stream === undefined || stream === null || typeof stream === 'boolean') return stream === true;
  throw new GatewayError('invalid_request', { message: '`stream` must be true or false.', param: 'stream' });
}

function asksForUsage(document: ChatDocument): boolean {
  const options = document.get('stream_options');
  return (
    typeof options === 'object' && options !== null && 'include_usage' in options && options.include_usage === true
  );
}

/** A request as it goes up to one target. */
export interface Prepared {
  readonly body: Buffer;
  readonly stream: boolean;
  readonly repairs: readonly Repair[];
  readonly answerRepairs: AnswerRepairs;
}

export interface Preparation {
  readonly rules: readonly Rule[];
  readonly strict: boolean;
  /** Ask for a stream although the client did not. */
  readonly alwaysStream: boolean;
  /** Where the reasoning of this caller's answers is remembered. */
  readonly reasoning: ReasoningScope;
  /** Members for requests that do not have them. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** Names the target's model and repairs the request for it. Throws invalid_json, and strict_repairs in strict mode. */
export function prepareRequest(asked: Asked, target: Target, surface: Surface, how: Preparation): Prepared {
  return orInvalidJson(() => prepare(asked, target, surface, how));
}

function prepare(asked: Asked, target: Target, surface: Surface, how: Preparation): Prepared {
  const { document } = asked;
  for (const [member, value] of Object.entries(how.defaults)) if (!document.has(member)) document.set(member, value);
  const { repairs, answerRepairs } = repairRequest(
    how.rules,
    document,
    (thinking) => situationOf(surface.kind, target.facts, thinking),
    { stream: asked.stream, includeUsage: asked.includeUsage, reasoning: how.reasoning },
  );
  if (how.strict && repairs.length > 0) throw refuseRepairs(repairs);
  if (asked.model !== target.model) document.set('model', target.model);
  const stream = asked.stream || how.alwaysStream;
  if (stream && !asked.stream) {
    document.set('stream', true);
    document.set('stream_options', { include_usage: true });
  }
  return { body: document.toBytes(), stream, repairs, answerRepairs: new AnswerRepairs(answerRepairs) };
}

function refuseRepairs(repairs: readonly Repair[]): GatewayError {
  return new GatewayError('strict_repairs', {
    message: `Strict mode: the request would have needed ${repairs.length} repair(s): ${repairs.map(({ rule, what }) => `${rule} (${what})`).join('; ')}.`,
    extra: { repairs },
  });
}
