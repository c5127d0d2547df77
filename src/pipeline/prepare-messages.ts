import { OWN_SIGNATURE, unsignedHistory } from '../chat/anthropic/index.ts';
import type { JsonDocument } from '../chat/json-document.ts';
import { needsHub } from '../dialect/messages/needs-hub.ts';
import { renameTools } from '../dialect/messages/tool-names.ts';
import { type Repair, repairRequest } from '../dialect/repair-request.ts';
import type { Situation } from '../dialect/rule.ts';
import { toolNames } from '../dialect/rules/tool-names.ts';
import { situationOf } from '../dialect/situation.ts';
import type { Target } from '../models/resolve.ts';
import type { Surface } from '../upstreams/surface.ts';
import type { ChatParts } from './answer-chat.ts';
import type { ChatCall } from './call.ts';
import { type Asked, orInvalidJson, refuseRepairs } from './prepare.ts';

const SIGN = Buffer.from(OWN_SIGNATURE);

/** A request in Anthropic's shape, and who is to serve it. */
export interface PassingMessages {
  readonly asked: Asked;
  readonly target: Target;
  readonly surface: Surface;
  /** The calls of the answer are to be checked, which is done on the inside's shape. */
  readonly validates: boolean;
}

/** Why it cannot go up untranslated, with the small repairs of `prepareMessages`; undefined: it can. */
export function whyTranslated(
  { asked, target, surface, validates }: PassingMessages,
  { preparation: { alwaysStream, defaults } }: Pick<ChatParts, 'preparation'>,
): string | undefined {
  if (!surface.adapter.messages?.takes(surface, target.facts)) return 'the surface has no face of that shape for it';
  // What the owner sets for every request is said in the hub's words.
  if (alwaysStream && !asked.stream) return 'stream_upstream';
  if (Object.keys(defaults).length > 0) return 'defaults';
  const { document } = asked;
  if (validates && document.has('tools')) return 'tool_validation';
  return orInvalidJson(() => needsHub(document));
}

export interface PreparedMessages {
  readonly repairs: readonly Repair[];
  /** The client's name of a tool; undefined where they are all the client's own. */
  readonly toolName: ((name: string) => string) | undefined;
}

/** Repairs the document for the face. Throws invalid_json, and strict_repairs in strict mode. */
export function prepareMessages(
  { asked: { document, stream }, target, surface }: PassingMessages,
  { strict, owner }: Pick<ChatCall, 'strict' | 'owner'>,
  parts: Pick<ChatParts, 'messagesRules' | 'preparation' | 'reasoning'>,
): PreparedMessages {
  const situation = (thinking: unknown): Situation => situationOf(surface.kind, target.facts, thinking);
  return orInvalidJson(() => {
    const { repairs: usual } = repairRequest(parts.messagesRules, document, situation, {
      stream,
      includeUsage: true,
      reasoning: { memory: parts.reasoning, owner },
    });
    const renames = parts.preparation.rules.some(({ id }) => id === toolNames.id) ? renameTools(document) : undefined;
    const repairs = renames === undefined ? usual : [...usual, renames.repair];
    if (strict && repairs.length > 0) throw refuseRepairs(repairs);
    finish(document, target);
    return { repairs, toolName: renames?.toClient };
  });
}

function finish(document: JsonDocument, { model }: Target): void {
  if (document.get('model') !== model) document.set('model', model);
  if (document.includes(SIGN)) document.set('messages', unsignedHistory(document.get('messages')));
}
