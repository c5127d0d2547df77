import type { ChatMessage, ToolCall } from '../../chat/chat.ts';
import type { SearchStep } from '../../chat/web-search.ts';
import { GatewayError } from '../../errors.ts';
import { type Finding, type SearchFunction, type SearchPlace, subjectOf } from '../../upstreams/search-face.ts';
import type { SearchPlan } from './search-plan.ts';

export interface Searched {
  /** The results, in the order of the calls. */
  readonly messages: readonly ChatMessage[];
  readonly steps: readonly Omit<SearchStep, 'id'>[];
  /** Why searches failed, each once. */
  readonly failures: readonly string[];
}

interface Done {
  readonly finding: Finding;
  readonly failure?: string;
}

/** Runs what the model has called in one round, side by side. `left`: how many calls the answer may still make. */
export async function runSearches(
  calls: readonly ToolCall[],
  plan: SearchPlan,
  place: SearchPlace | undefined,
  left: number,
): Promise<Searched> {
  const done = await Promise.all(calls.map((call, index) => runOne(call, plan, place, index < left)));
  const failures = new Set(done.flatMap(({ failure }) => failure ?? []));
  return {
    messages: calls.map(({ id = '' }, index) => ({
      role: 'tool',
      tool_call_id: id,
      content: done[index]?.finding.text ?? '',
    })),
    steps: calls.map((call, index) => toStep(call, plan, done[index])),
    failures: [...failures],
  };
}

async function runOne(
  call: ToolCall,
  plan: SearchPlan,
  place: SearchPlace | undefined,
  isLeft: boolean,
): Promise<Done> {
  const target = functionOf(call, plan);
  if (target === undefined || plan.tools === undefined) return failed('there is no such tool');
  if (!isLeft) return failed(`no more than ${plan.calls} searches are made for one answer`);
  if (place === undefined) return failed('its credential has been taken away');
  const said = call.function?.arguments ?? '';
  try {
    const search = { ...place, function: target, arguments: said, callId: call.id ?? '', limits: plan.limits };
    return { finding: await plan.tools.face.run(search) };
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    if (place.signal.aborted || error.code === 'client_closed') throw new GatewayError('client_closed');
    return failed(`${error.code}: ${error.message.slice(0, 160)}`);
  }
}

/** The model is told, so that it answers with what it knows and says that it could not look. */
function failed(failure: string): Done {
  const text = `Error: the search failed (${failure}). Answer with what you know, and say that you could not search.`;
  return { finding: { text, sources: [] }, failure };
}

function functionOf(call: ToolCall, plan: SearchPlan): SearchFunction | undefined {
  return plan.tools?.functions.get(call.function?.name ?? '');
}

function toStep(call: ToolCall, plan: SearchPlan, done: Done | undefined): Omit<SearchStep, 'id'> {
  const target = functionOf(call, plan);
  return {
    kind: target?.kind ?? 'search',
    query: target ? subjectOf({ function: target, arguments: call.function?.arguments ?? '' }) : '',
    sources: done?.finding.sources ?? [],
    failed: done?.failure !== undefined,
  };
}
