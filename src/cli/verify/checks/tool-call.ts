import { refusal } from '../chat-stream.ts';
import { at, listAt, shown } from '../json-at.ts';
import { callProblems } from '../tool-call.ts';
import { unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const toolCall: VerifyCheck = {
  id: 'tool-call',
  group: 'tools',
  kind: 'protocol',
  title: { en: 'A tool is called with arguments that fit', zh: '工具调用及其参数正确' },
  meaning: { en: 'Agents cannot act.', zh: '智能体无法执行操作。' },
  uses: ['tool'],
  async run(probe) {
    const answer = await probe.shared('tool');
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const choice = at(answer.json, 'choices', 0);
    const [call] = listAt(choice, 'message', 'tool_calls');
    if (call === undefined)
      return differs({
        en: `no tool was called: ${shown(at(choice, 'message', 'content'))}`,
        zh: `没有调用工具：${shown(at(choice, 'message', 'content'))}`,
      });
    const reason = at(choice, 'finish_reason');
    return verdictOf([...callProblems(call), ...(reason === 'tool_calls' ? [] : [unlike('finish_reason', reason)])]);
  },
};
