import { JsonDocument } from '../chat/json-document.ts';
import { JsonSyntaxError } from '../chat/json-syntax-error.ts';
import { GatewayError } from '../errors.ts';
import { BATCH_ENDPOINT, BATCH_MODELS, NOT_IN_A_BATCH } from '../files/batch-facts.ts';
import type { RepairedLine } from '../files/batch-lines.ts';
import { type Names, resolveModel, type Target } from '../models/resolve.ts';
import type { Surface } from '../upstreams/surface.ts';
import type { ChatParts } from './answer-chat.ts';
import { type Asked, prepareRequest, readRequest } from './prepare.ts';

export interface BatchLineParts {
  readonly chat: Pick<ChatParts, 'preparation' | 'reasoning' | 'tokens' | 'defaultModel'>;
  readonly names: Names;
  /** The one that will run the batch. */
  readonly surface: Surface;
  readonly owner: string;
  readonly strict: boolean;
}

/**
 * The request in one line of a batch's file, as it would go up if it were sent by itself: with the model behind its alias,
 * and repaired. Undefined if nothing has to be changed. What a rule would do to the answer cannot be done here. Throws why
 * the line cannot be read, and strict_repairs.
 */
export function repairBatchLine(line: Buffer, parts: BatchLineParts): RepairedLine | undefined {
  const body = bodyIn(line);
  if (body === undefined) return undefined;
  const { surface, chat, strict, owner } = parts;
  const asked = readRequest(body);
  const target = targetOf(asked, parts);
  const done = leaveOut(asked);
  const whole: Asked = { ...asked, stream: false, includeUsage: false };
  const { repairs, document } = prepareRequest(whole, target, surface, {
    ...chat.preparation,
    alwaysStream: false,
    strict,
    reasoning: { memory: chat.reasoning, owner },
    images: new Map(),
    tokens: chat.tokens,
  });
  const repaired = document.toBytes();
  if (repaired === body) return undefined;
  const name = asked.model ?? 'no model';
  const named = name === target.model ? [] : [`${name} sent as ${target.model}`];
  const start = body.byteOffset - line.byteOffset;
  const bytes = Buffer.concat([line.subarray(0, start), repaired, line.subarray(start + body.length)]);
  return { bytes, done: [...named, ...repairs.map(({ rule }) => rule), ...done] };
}

/** Undefined for what is no request of a chat: the platform has its own words for that. */
function bodyIn(line: Buffer): Buffer | undefined {
  try {
    const document = new JsonDocument(line);
    const body = document.get('url') === BATCH_ENDPOINT ? document.raw('body') : undefined;
    return body?.[0] === OPEN_BRACE ? body : undefined;
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    throw new GatewayError('invalid_json', { message: `it is not valid JSON, ${thrown.message}` });
  }
}

const OPEN_BRACE = 0x7b;

/** Only of the models that a batch can have: an alias with several meanings takes the first of these. */
function targetOf({ model }: Asked, { names, surface, chat }: BatchLineParts): Target {
  const name = model ?? chat.defaultModel;
  if (name === undefined) throw new GatewayError('invalid_request', { message: 'it names no model' });
  const models = surface.models ?? Object.fromEntries(BATCH_MODELS.map((id) => [id, id]));
  try {
    const [target] = resolveModel(name, { ...names, surfaces: [{ id: surface.id, models }] }).targets;
    if (target) return target;
  } catch (thrown) {
    if (GatewayError.from(thrown).code !== 'unknown_model') throw thrown;
  }
  throw new GatewayError('unknown_model', {
    message: `Kimi runs batches of ${BATCH_MODELS.join(' and ')}, not of ${name.slice(0, 100)}`,
  });
}

function leaveOut({ document }: Asked): readonly string[] {
  const present = NOT_IN_A_BATCH.filter((member) => document.has(member));
  for (const member of present) document.delete(member);
  return present.map((member) => `${member} left out`);
}
