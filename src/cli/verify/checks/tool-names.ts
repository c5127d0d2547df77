import { refusal } from '../chat-stream.ts';
import { at, listAt, shown } from '../json-at.ts';
import { asking, WEATHER } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

const NAME = 'weather.get/city';

export const toolNames: VerifyCheck = {
  id: 'tool-names',
  group: 'tools',
  kind: 'dialect',
  title: { en: 'A tool keeps its name, whatever it is', zh: '工具名原样保留' },
  meaning: {
    en: 'Names with dots or slashes, as MCP clients make them, are refused or come back changed.',
    zh: 'MCP 客户端生成的含点或斜杠的名字会被拒绝或被改写。',
  },
  requests: 1,
  async run(probe) {
    const tools = [{ ...WEATHER, function: { ...WEATHER.function, name: NAME } }];
    const answer = await probe.chat(
      asking('Hello!', { tools, tool_choice: { type: 'function', function: { name: NAME } } }),
    );
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const name = at(listAt(answer.json, 'choices', 0, 'message', 'tool_calls')[0], 'function', 'name');
    return name === NAME
      ? CONFORMS
      : differs({ en: `the call names ${shown(name)}`, zh: `调用的名称是 ${shown(name)}` });
  },
};
