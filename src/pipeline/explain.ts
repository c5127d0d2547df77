import { publicImageUrls } from '../chat/public-image-urls.ts';
import type { ReasoningMemory } from '../dialect/reasoning/reasoning-memory.ts';
import type { Repair } from '../dialect/repair-request.ts';
import type { Rule } from '../dialect/rule.ts';
import { mayNameFiles } from '../files/file-use.ts';
import { withStandIns } from '../files/rewrite-messages.ts';
import type { Resolution, Target } from '../models/resolve.ts';
import type { Surface } from '../upstreams/surface.ts';
import { type Asked, type Preparation, prepareRequest, readRequest } from './prepare.ts';
import { ableOnly } from './search/answer-searching.ts';
import { SearchPlan } from './search/search-plan.ts';
import type { SearchSettings } from './search/settings.ts';
import { wishIn } from './search/wish.ts';
import { callsNeeded } from './several-choices.ts';

export interface ExplainParts {
  readonly preparation: Omit<Preparation, 'strict' | 'reasoning' | 'images'>;
  /** Throws GatewayError for a name that nobody serves; undefined is the request that names no model. */
  resolve(model: string | undefined): Resolution;
  surface(id: string): Surface;
  readonly reasoning: ReasoningMemory;
  /** Public pictures would be fetched and sent as data. */
  readonly fetchesImages: boolean;
  /** The most choices that are delivered by calls of their own. */
  readonly choicesLimit: number;
  readonly search: SearchSettings;
  /** The calls of answers are checked. */
  readonly validates: boolean;
}

/** In what words a request goes up. */
export interface Wording {
  /** Below the surface's origin. */
  readonly path: string;
  /** In the shape in which the client sent it. */
  readonly isUntranslated: boolean;
  /** Why it is translated, where a face speaks the client's shape; undefined where none does. */
  readonly why?: string | undefined;
  /** What has no counterpart in the other words. */
  readonly notes: readonly string[];
}

/** What would be sent for a request, and why. */
export interface Explanation {
  readonly resolution: Resolution;
  /** The one of the resolution's targets that the rest speaks of: the first. */
  readonly target: Target;
  /** What the client asked for, and what the surface is asked for. */
  readonly stream: { readonly asked: boolean; readonly sent: boolean };
  readonly repairs: readonly (Repair & { readonly by: Rule })[];
  /** The rules that would watch the answer, in order. */
  readonly answerRules: readonly Rule[];
  readonly body: Buffer;
  readonly wording: Wording;
  /** How often it is sent: once for each choice where the model gives one per call. */
  readonly calls: number;
  /** What becomes of the search that it asks for; empty if it asks for none. */
  readonly search: readonly string[];
}

/**
 * Everything that is done for a chat request up to the moment of sending it, and nothing behind that. Throws what the
 * gateway would answer: invalid_json, invalid_request, unknown_model, search_unavailable.
 */
export function explainChat(body: Buffer, parts: ExplainParts): Explanation {
  const asked = readRequest(body);
  const resolved = parts.resolve(asked.model);
  const wish = wishIn(asked.document, resolved, parts.search);
  const resolution = wish ? ableOnly(wish, resolved, parts) : resolved;
  const target = firstOf(resolution);
  const calls = callsNeeded(asked, resolution, parts.choicesLimit);
  const surface = parts.surface(target.surface);
  if (surface.kind !== 'compatible' && mayNameFiles(asked.document.outline)) standForFiles(asked);
  const plan = wish && new SearchPlan(wish, parts.search);
  plan?.expect(surface);
  plan?.apply(asked.document);
  const watching = new Set<Rule>();
  const rules = parts.preparation.rules.map((rule) => observed(rule, () => watching.add(rule)));
  const prepared = prepareRequest(asked, target, surface, {
    ...parts.preparation,
    reasoning: { memory: parts.reasoning, owner: 'explain' },
    images: parts.fetchesImages && surface.kind !== 'compatible' ? standIns(asked) : new Map(),
    rules,
    // Strict mode would refuse; that is told beside the repairs.
    strict: false,
  });
  const whole = prepared.document.toBytes();
  const { path, body: sent, notes } = onTheWire(surface, whole);
  return {
    resolution,
    target,
    stream: { asked: asked.stream, sent: prepared.stream },
    repairs: prepared.repairs.flatMap((repair) => {
      const by = parts.preparation.rules.find(({ id }) => id === repair.rule);
      return by === undefined ? [] : [{ ...repair, by }];
    }),
    answerRules: [...watching],
    body: sent,
    wording: {
      path,
      isUntranslated: sent === whole && surface.kind !== 'web',
      notes: surface.kind === 'web' ? ['the web chat is asked in words of its own, which are not shown'] : notes,
    },
    calls,
    search: plan?.notes ?? [],
  };
}

export function firstOf({ targets: [target] }: Resolution): Target {
  if (target === undefined) throw new Error('A resolution has at least one target.');
  return target;
}

/** As the adapter words it for a caller that the surface does not know by its name. */
export function onTheWire(surface: Surface, body: Buffer) {
  return surface.adapter.preview?.(surface, body) ?? { path: `${surface.path}/chat/completions`, body, notes: [] };
}

/** Documents become text when the request is served. */
function standForFiles({ document }: Asked): void {
  const messages = document.get('messages');
  if (!Array.isArray(messages)) return;
  const placed = withStandIns(messages);
  if (placed !== messages) document.set('messages', placed);
}

/** What stands for the bytes of public pictures, which are fetched when the request is served. */
function standIns({ document }: Asked): ReadonlyMap<string, string> {
  const urls = document.has('messages') ? publicImageUrls(document.get('messages')) : [];
  return new Map([...urls].map((url) => [url, `data:image/*;base64,(the picture at ${url})`]));
}

/** The same rule, which tells when it adds a repair of the answer. */
function observed(rule: Rule, watches: () => void): Rule {
  const { request, answer } = rule;
  return {
    ...rule,
    ...(answer === undefined
      ? {}
      : {
          answer: (call) => {
            const repair = answer(call);
            if (repair !== undefined) watches();
            return repair;
          },
        }),
    ...(request === undefined
      ? {}
      : {
          request: {
            ...request,
            apply: (part, turn) =>
              request.apply(part, {
                ...turn,
                undo(repair) {
                  watches();
                  turn.undo(repair);
                },
                onRetry(retry) {
                  watches();
                  turn.onRetry(retry);
                },
                onAnswer(repair) {
                  watches();
                  turn.onAnswer(repair);
                },
              }),
          },
        }),
  };
}
