import { at, listAt } from './json-at.ts';
import type { Probe } from './probe.ts';
import { CALL_WEATHER, user, WEATHER } from './shared-exchanges.ts';

/** The second request of a tool loop; undefined if no tool was called in the first. */
export async function resultTurn(probe: Probe, echoed: (message: object) => object): Promise<object | undefined> {
  const message = at((await probe.shared('tool')).json, 'choices', 0, 'message');
  const calls = listAt(message, 'tool_calls');
  if (typeof message !== 'object' || message === null || calls.length === 0) return undefined;
  const results = calls.map((call) => ({ role: 'tool', tool_call_id: at(call, 'id'), content: 'Sunny, 21 degrees.' }));
  return {
    messages: [...user(CALL_WEATHER), echoed(message), ...results],
    tools: [WEATHER],
    max_completion_tokens: 2_048,
  };
}
