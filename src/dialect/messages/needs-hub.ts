import type { JsonDocument } from '../../chat/json-document.ts';
import { isMembers } from './members.ts';
import { brokenHistory } from './whole-history.ts';

/** The platform's limits (docs/dialect.md, stop-sequences and tool-count). */
const MOST_STOPS = 5;
const LONGEST_STOP = 32;
const MOST_TOOLS = 128;

/**
 * Why a request in Anthropic's shape cannot go to an Anthropic face as it is, with the small repairs of
 * `MESSAGES_RULES`: what needs a look at the answer too, or a history that has to be mended. Such a request goes through
 * the hub, whose rules can all of that. Undefined: it can pass.
 */
export function needsHub(document: JsonDocument): string | undefined {
  return (
    oddHead(document) ??
    forced(document.get('tool_choice')) ??
    oddStops(document.get('stop_sequences')) ??
    oddTools(document.get('tools')) ??
    brokenHistory(document.get('messages'))
  );
}

/** What is wrong here is told by the codec, which says where. */
function oddHead(document: JsonDocument): string | undefined {
  const cap = document.get('max_tokens');
  if (!Number.isInteger(cap) || Number(cap) < 1) return 'max_tokens';
  const system = document.get('system');
  if (system === undefined || (typeof system === 'string' && system !== '')) return undefined;
  const isText = (block: unknown) =>
    isMembers(block) && block['type'] === 'text' && typeof block['text'] === 'string' && block['text'].trim() !== '';
  return Array.isArray(system) && system.length > 0 && system.every(isText) ? undefined : 'system';
}

/** A forced call depends on model and thinking, and may have to be asked for twice. */
function forced(choice: unknown): string | undefined {
  const type = isMembers(choice) ? choice['type'] : undefined;
  return type === 'any' || type === 'tool' ? `tool_choice ${type}` : undefined;
}

function oddStops(stops: unknown): string | undefined {
  if (stops === undefined || stops === null) return undefined;
  const isFine = (stop: unknown) => typeof stop === 'string' && stop !== '' && Buffer.byteLength(stop) <= LONGEST_STOP;
  return Array.isArray(stops) && stops.length <= MOST_STOPS && stops.every(isFine) ? undefined : 'stop sequences';
}

/** Of two different tools with one name, one gets another: the dialect knows which. */
function oddTools(tools: unknown): string | undefined {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools) || !tools.every(isMembers)) return 'tools of another shape';
  const names = tools.filter((tool) => isMembers(tool['input_schema'])).map(({ name }) => name);
  if (!names.every((name) => typeof name === 'string' && name !== '')) return 'tools without a name';
  return new Set(names).size < names.length || names.length > MOST_TOOLS ? 'the list of tools' : undefined;
}
