import type { Rule } from '../dialect/rule.ts';
import { toolNames } from '../dialect/rules/tool-names.ts';
import { withBlockStandIns } from '../files/message-blocks.ts';
import type { Resolution } from '../models/resolve.ts';
import type { ChatCall } from './call.ts';
import { type ExplainParts, type Explanation, explainChat, firstOf } from './explain.ts';
import { readRequest } from './prepare.ts';
import { prepareMessages, whyTranslated } from './prepare-messages.ts';
import { wishIn } from './search/wish.ts';

export interface ExplainMessagesParts extends ExplainParts {
  /** For requests that pass untranslated. */
  readonly messagesRules: readonly Rule[];
}

type Inside = NonNullable<ChatCall['inside']>;

/**
 * The same for a request in Anthropic's shape: untranslated onto a face of that shape, or through the hub. `inside`: what
 * it is in the inside's shape, for a body that may have been changed.
 */
export function explainMessages(body: Buffer, inside: Inside, parts: ExplainMessagesParts): Explanation {
  const resolution = parts.resolve(readRequest(body).model);
  const target = firstOf(resolution);
  const surface = parts.surface(target.surface);
  const placed = withStandIns(body, resolution, parts);
  const asked = readRequest(placed);
  const passing = { asked, target, surface, validates: parts.validates };
  const why = whyHub(inside, resolution, parts) ?? whyTranslated(passing, parts);
  const { messages: face } = surface.adapter;
  if (face === undefined || why !== undefined) {
    const translated = inside(placed);
    const explained = explainChat(translated.body, parts);
    const { wording } = explained;
    const isFace = face?.takes(surface, target.facts) === true;
    const notes = [...translated.notes, ...wording.notes];
    return {
      ...explained,
      resolution,
      wording: { ...wording, isUntranslated: false, why: isFace ? why : undefined, notes },
    };
  }
  // Strict mode would refuse; that is told beside the repairs.
  const { repairs } = prepareMessages(passing, { strict: false, owner: 'explain' }, parts);
  const known = [...parts.messagesRules, toolNames];
  return {
    resolution,
    target,
    stream: { asked: asked.stream, sent: asked.stream },
    repairs: repairs.flatMap((repair) => {
      const by = known.find(({ id }) => id === repair.rule);
      return by === undefined ? [] : [{ ...repair, by }];
    }),
    answerRules: [],
    body: asked.document.toBytes(),
    wording: { path: face.path(surface), isUntranslated: true, notes: [] },
    calls: 1,
    search: [],
  };
}

/** Searches are made in the inside's shape. */
function whyHub(inside: Inside, resolution: Resolution, { search }: ExplainParts): string | undefined {
  if (!search.enabled) return undefined;
  const wish = wishIn(readRequest(inside().body).document, resolution, search);
  return wish === undefined ? undefined : 'a web search';
}

/** Documents become text when the request is served. */
function withStandIns(body: Buffer, { targets }: Resolution, { surface }: ExplainParts): Buffer {
  const kinds = new Set(targets.map((target) => surface(target.surface).kind));
  const { document } = readRequest(body);
  const messages = document.get('messages');
  if (!Array.isArray(messages) || (kinds.size === 1 && kinds.has('compatible'))) return body;
  const placed = withBlockStandIns(messages, kinds.has('platform'));
  if (placed !== messages) document.set('messages', placed);
  return document.toBytes();
}
