import { refusal } from '../chat-stream.ts';
import { at, listAt } from '../json-at.ts';
import { missingFace } from '../missing-face.ts';
import { CALL_WEATHER, user, WEATHER } from '../shared-exchanges.ts';
import { unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const anthropicTool: VerifyCheck = {
  id: 'anthropic-tool',
  group: 'anthropic',
  kind: 'protocol',
  title: { en: 'A tool is used, with its input as an object', zh: 'Anthropic 工具调用的输入为对象' },
  meaning: { en: 'Agents of that protocol cannot act.', zh: '该协议的智能体无法执行操作。' },
  requests: 1,
  async run(probe) {
    const { name, description, parameters } = WEATHER.function;
    const tools = [{ name, description, input_schema: parameters }];
    const answer = await probe.post({ messages: user(CALL_WEATHER), max_tokens: 2_048, tools }, '/v1/messages');
    const verdict = missingFace(answer);
    if (verdict) return verdict;
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const use = listAt(answer.json, 'content').find((block) => at(block, 'type') === 'tool_use');
    return verdictOf([
      ...(at(use, 'name') === 'get_weather' ? [] : [unlike('name', at(use, 'name'))]),
      ...(typeof at(use, 'id') === 'string' ? [] : [unlike('id', at(use, 'id'))]),
      ...(typeof at(use, 'input', 'city') === 'string' ? [] : [unlike('input', at(use, 'input'))]),
      ...(at(answer.json, 'stop_reason') === 'tool_use' ? [] : [unlike('stop_reason', at(answer.json, 'stop_reason'))]),
    ]);
  },
};
