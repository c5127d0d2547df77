import { refusal } from './chat-stream.ts';
import { at, listAt, shown } from './json-at.ts';
import type { Probe } from './probe.ts';
import { asking, WEATHER } from './shared-exchanges.ts';
import { CONFORMS, differs, type Verdict } from './verify-check.ts';

const SECOND = {
  type: 'function',
  function: { name: 'get_time', parameters: { type: 'object', properties: { zone: { type: 'string' } } } },
};

/** Asks something that needs no tool, and demands one; which one must be called. */
export async function forcedCall(probe: Probe, choice: unknown, name: string | undefined): Promise<Verdict> {
  const answer = await probe.chat(asking('Good morning!', { tools: [WEATHER, SECOND], tool_choice: choice }));
  const refused = refusal(answer);
  if (refused) return differs(refused);
  const message = at(answer.json, 'choices', 0, 'message');
  const names = listAt(message, 'tool_calls').map((call) => at(call, 'function', 'name'));
  if (names.length === 0)
    return differs({
      en: `no tool was called: ${shown(at(message, 'content'))}`,
      zh: `没有调用工具：${shown(at(message, 'content'))}`,
    });
  return name === undefined || names.every((called) => called === name)
    ? CONFORMS
    : differs({ en: `called ${shown(names)}`, zh: `调用了 ${shown(names)}` });
}
