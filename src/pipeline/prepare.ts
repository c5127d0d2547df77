import { ChatDocument } from '../chat/chat-document.ts';
import { JsonSyntaxError } from '../chat/json-syntax-error.ts';
import type { RequestMemory } from '../chat/request-memory.ts';
import type { TokenCalibration } from '../chat/token-calibration.ts';
import { allDemands } from '../dialect/all-demands.ts';
import type { ReasoningScope } from '../dialect/reasoning/reasoning-memory.ts';
import { type Repair, repairRefused, repairRequest } from '../dialect/repair-request.ts';
import type { AnswerRepair, AnswerRetry, Rule } from '../dialect/rule.ts';
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
export function readRequest(body: Buffer, memory?: RequestMemory): Asked {
  return orInvalidJson(() => {
    const document = new ChatDocument(body, memory);
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
export function orInvalidJson<T>(read: () => T): T {
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
  readonly document: ChatDocument;
  readonly stream: boolean;
  readonly repairs: readonly Repair[];
  /** Those of them that a refusal of the surface made necessary. */
  readonly moved: readonly Repair[];
  readonly answerRepairs: readonly AnswerRepair[];
  /** What the answer has to be like, where the surface cannot be told. */
  readonly demand: AnswerRetry | undefined;
}

const NO_REPAIRS: readonly Repair[] = [];

export interface Preparation {
  readonly rules: readonly Rule[];
  readonly strict: boolean;
  /** Ask for a stream although the client did not. */
  readonly alwaysStream: boolean;
  /** Where the reasoning of this caller's answers is remembered. */
  readonly reasoning: ReasoningScope;
  /** The public pictures of the request as data URLs. */
  readonly images: ReadonlyMap<string, string>;
  /** With what words the surface has just refused this request; the repairs for them are made besides. */
  readonly refusal?: string | undefined;
  /** What estimates of tokens are off, by model. */
  readonly tokens?: TokenCalibration | undefined;
  /** Members for requests that do not have them. */
  readonly defaults: readonly (readonly [member: string, value: unknown])[];
}

/** Names the target's model and repairs the request for it. Throws invalid_json, and strict_repairs in strict mode. */
export function prepareRequest(asked: Asked, target: Target, surface: Surface, how: Preparation): Prepared {
  return orInvalidJson(() => prepare(asked, target, surface, how));
}

function prepare(asked: Asked, target: Target, surface: Surface, how: Preparation): Prepared {
  const { document } = asked;
  for (const [member, value] of how.defaults) if (!document.has(member)) document.set(member, value);
  const situation = (thinking: unknown) => situationOf(surface.kind, target.facts, thinking);
  const call = {
    stream: asked.stream,
    includeUsage: asked.includeUsage,
    reasoning: how.reasoning,
    images: how.images,
    tokens: how.tokens,
    servedAs: target.model,
  };
  const usual = repairRequest(how.rules, document, situation, call);
  const more =
    how.refusal === undefined
      ? undefined
      : repairRefused(how.rules, document, situation(document.get('thinking')), call, how.refusal);
  const repairs = more ? [...usual.repairs, ...more.repairs] : usual.repairs;
  if (how.strict && repairs.length > 0) throw refuseRepairs(repairs);
  if (asked.model !== target.model) document.set('model', target.model);
  const stream = asked.stream || how.alwaysStream;
  if (stream && !asked.stream) {
    document.set('stream', true);
    document.set('stream_options', { include_usage: true });
  }
  const answerRepairs = more ? [...usual.answerRepairs, ...more.answerRepairs] : usual.answerRepairs;
  const demand = allDemands(more ? [...usual.retries, ...more.retries] : usual.retries);
  return { document, stream, repairs, moved: more?.repairs ?? NO_REPAIRS, answerRepairs, demand };
}

/** What strict mode answers instead of repairing. */
export function refuseRepairs(repairs: readonly Repair[]): GatewayError {
  return new GatewayError('strict_repairs', {
    message: `Strict mode: the request would have needed ${repairs.length} repair(s): ${repairs.map(({ rule, what }) => `${rule} (${what})`).join('; ')}.`,
    extra: { repairs },
  });
}
