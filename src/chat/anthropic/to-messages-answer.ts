import type { ChatCompletion, ChatMessage } from '../chat.ts';
import { isObject, rest } from '../json-object.ts';
import { Notes } from '../notes.ts';
import type { SearchStep, UrlCitation } from '../web-search.ts';
import { toAssistantContent } from './assistant.ts';
import { carriedOf } from './carried.ts';
import type { Block, MessagesAnswer } from './messages.ts';
import { isSearch, toCitation, toSearchResult, toSearchUse } from './search-blocks.ts';
import { signed } from './signature.ts';
import { toStop } from './stop-reason.ts';
import { toAnthropicUsage } from './usage.ts';

/** A whole answer of the hub as Anthropic's message. */
export function toMessagesAnswer(completion: ChatCompletion): { answer: MessagesAnswer; notes: string[] } {
  const notes = new Notes();
  const { id, model, usage } = completion;
  const choices = completion.choices ?? [];
  const [choice = {}] = choices;
  const message = choice.message ?? {};
  if (choices.length > 1) notes.add('choices after the first have no counterpart');
  const content = toAssistantContent(message, notes);
  const blocks: readonly Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return {
    answer: {
      id: id ?? 'msg_unknown',
      type: 'message',
      role: 'assistant',
      model: model ?? '',
      content: searched(blocks.filter(isSaid).map(signed), message),
      ...toStop(choice, Boolean(message.tool_calls?.length)),
      usage: toAnthropicUsage(usage ?? choice.usage ?? {}),
      ...rest(carriedOf(completion), 'start'),
    },
    notes: notes.list(),
  };
}

/** The searches stand between the thinking and the text; where in the text they were made is known in a stream alone. */
function searched(blocks: readonly Block[], { searched: made, annotations }: ChatMessage): readonly Block[] {
  const steps = Array.isArray(made) ? (made as readonly SearchStep[]) : [];
  const cited = Array.isArray(annotations) ? (annotations as readonly UrlCitation[]) : [];
  if (steps.length + cited.length === 0) return blocks;
  const found = steps.flatMap(({ sources }) => sources);
  const citations = cited.filter(({ url_citation }) => isObject(url_citation)).map((one) => toCitation(one, found));
  const searches = steps.filter(isSearch).flatMap((step): Block[] => {
    const { block, input } = toSearchUse(step);
    return [{ ...block, input }, toSearchResult(step)];
  });
  const at = blocks.findIndex(({ type }) => type !== 'thinking');
  const [before, behind] = at === -1 ? [blocks, []] : [blocks.slice(0, at), blocks.slice(at)];
  const last = behind.findLastIndex(({ type }) => type === 'text');
  const told =
    citations.length === 0 ? behind : behind.map((block, index) => (index === last ? { ...block, citations } : block));
  return [...before, ...searches, ...told];
}

function isSaid(block: Block): boolean {
  return block.type !== 'thinking' || block['thinking'] !== '' || 'signature' in block;
}
