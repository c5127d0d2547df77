import type { TokenCalibration } from '../chat/token-calibration.ts';
import type { Clock } from '../clock.ts';
import type { CredentialPool } from '../credentials/pool.ts';
import type { ReasoningMemory } from '../dialect/reasoning/reasoning-memory.ts';
import type { Repair } from '../dialect/repair-request.ts';
import type { Rule } from '../dialect/rule.ts';
import { GatewayError } from '../errors.ts';
import type { ChatFiles } from '../files/chat-files.ts';
import type { PublicImages } from '../media/public-images.ts';
import type { Resolution } from '../models/resolve.ts';
import type { Surface } from '../upstreams/surface.ts';
import { Attempts, type Caller } from './attempts.ts';
import type { ChatAnswer, ChatCall } from './call.ts';
import { nextStep } from './next.ts';
import { answerMessages } from './pass-messages.ts';
import { pause } from './pause.ts';
import { namesFiles, placeFiles } from './place-files.ts';
import { type Asked, type Preparation, readRequest } from './prepare.ts';
import { answerSearching } from './search/answer-searching.ts';
import type { SearchSettings } from './search/settings.ts';
import { searchingCall } from './search/wish.ts';
import { send } from './send.ts';
import { callsNeeded, together } from './several-choices.ts';

/** What a chat call needs of the gateway. */
export interface ChatParts {
  readonly clock: Clock;
  readonly pool: CredentialPool;
  readonly preparation: Omit<Preparation, 'strict' | 'reasoning' | 'images'>;
  /** The rules for calls whose answers are checked. */
  readonly validatingRules: readonly Rule[];
  /** For requests in Anthropic's shape that pass untranslated. */
  readonly messagesRules: readonly Rule[];
  readonly reasoning: ReasoningMemory;
  readonly images: PublicImages;
  readonly search: SearchSettings;
  /** What estimates of tokens are off, by model. */
  readonly tokens: TokenCalibration;
  readonly files: ChatFiles;
  /** How often one credential may get a request, and how many tries there are in all. */
  readonly maxRounds: number;
  readonly maxTries: number;
  /** How long after the first failure another try may begin, milliseconds. */
  readonly withinMs: number;
  /** The pause after the first round, which doubles, and the longest one; milliseconds. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How long a call may wait in all for a credential with a free place, milliseconds. */
  readonly queueMs: number;
  /** The largest `n` that is delivered by several calls. */
  readonly choicesLimit: number;
  /** The largest event and the largest whole answer, bytes. */
  readonly eventLimit: number;
  readonly answerLimit: number;
  /** The model for requests that name none. */
  readonly defaultModel: string | undefined;
  /** The dialect has moved: a surface refused what the rules let pass, and these repairs were made besides. */
  onMoved(repairs: readonly Repair[], refusal: string): void;
  resolve(model: string): Resolution;
  surface(id: string): Surface;
}

/**
 * The story of a chat call that was read: find who serves it, repair it for them, send it, and try the next one while
 * nothing has reached the client. Throws a GatewayError when nobody could answer.
 */
export function answerChat(call: ChatCall & Caller, parts: ChatParts): Promise<ChatAnswer> {
  const resolution = resolve(call.asked, parts);
  if (!namesFiles(call)) return answerPlaced(call, resolution, parts);
  return placeFiles(call, resolution, parts).then((placed) => answerPlaced(placed.call, placed.resolution, parts));
}

function answerPlaced(call: ChatCall & Caller, resolution: Resolution, parts: ChatParts): Promise<ChatAnswer> {
  const calls = callsNeeded(call.asked, resolution, parts.choicesLimit);
  if (calls === 1) return answerOne(call, resolution, parts);
  const bodies = Array.from({ length: calls }, () => call.body);
  return together(call, bodies, (each) => answerOne(each, resolution, parts));
}

function answerOne(call: ChatCall & Caller, resolution: Resolution, parts: ChatParts): Promise<ChatAnswer> {
  const searching = searchingCall(call, resolution, parts.search);
  return searching === undefined
    ? answerOnce(call, resolution, parts)
    : answerSearching(searching, resolution, parts, answerOnce);
}

async function answerOnce(call: ChatCall & Caller, resolution: Resolution, parts: ChatParts): Promise<ChatAnswer> {
  const attempts = new Attempts(call, resolution, parts);
  let refusal: GatewayError | undefined;
  let waitedMs = 0;
  for (;;) {
    const turn = attempts.next();
    // A credential that is free now is there now; nothing is put off for it.
    const attempt = turn instanceof Promise ? await turn : turn;
    const begunAt = parts.clock.ticks();
    try {
      // Repairs change the document, so every attempt but the first begins with a new one.
      const asked = attempts.count === 1 ? call.asked : readRequest(call.body);
      const order = { attempt, call, asked, refusal, resolution, attempts, waitedMs };
      return await (call.inside ? answerMessages(order, parts) : send(order, parts));
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      attempts.failed(attempt, error);
      if (call.signal.aborted) throw new GatewayError('client_closed');
      // A refusal that a rule knows by its sentence is answered once with one more repair.
      if (refusal === undefined && isAnswerable(error, parts)) {
        refusal = error;
        waitedMs += parts.clock.ticks() - begunAt;
        continue;
      }
      const next = nextStep(error, {
        ...parts,
        tries: attempts.count,
        round: attempts.round,
        elapsedMs: attempts.elapsedMs,
        othersLeft: attempts.othersLeft,
        othersSoon: attempts.othersSoon,
        anyLeft: attempts.anyLeft,
        random: parts.clock.random(),
      });
      if (next.step === 'give-up') {
        error.waitedMs = waitedMs + attempts.queuedMs + parts.clock.ticks() - begunAt;
        throw error;
      }
      if (next.step === 'wait') {
        await pause(parts.clock, next.ms, call.signal);
        attempts.nextRound();
      }
      waitedMs += parts.clock.ticks() - begunAt;
    }
  }
}

function resolve(asked: Asked, parts: ChatParts): Resolution {
  if (asked.model !== undefined) return parts.resolve(asked.model);
  if (parts.defaultModel === undefined) {
    throw new GatewayError('invalid_request', {
      message: '`model` is missing, and no default is configured (models.default).',
      param: 'model',
    });
  }
  return { ...parts.resolve(parts.defaultModel), because: 'default' };
}

function isAnswerable({ code, message }: GatewayError, { preparation }: ChatParts): boolean {
  if (code !== 'upstream_refused' && code !== 'context_length_exceeded') return false;
  return preparation.rules.some(({ refusal }) => refusal?.test(message));
}
