import { refusal } from '../chat-stream.ts';
import { at } from '../json-at.ts';
import { asking, CALL_WEATHER, WEATHER } from '../shared-exchanges.ts';
import { unlike } from '../unlike.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const functionsLegacy: VerifyCheck = {
  id: 'functions-legacy',
  group: 'tools',
  kind: 'dialect',
  title: { en: 'The old `functions` are answered in the old shape', zh: '旧的 functions 以旧格式作答' },
  meaning: { en: 'Older programs never get a call.', zh: '旧程序永远得不到函数调用。' },
  requests: 1,
  async run(probe) {
    const answer = await probe.chat(asking(CALL_WEATHER, { functions: [WEATHER.function], function_call: 'auto' }));
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const call = at(answer.json, 'choices', 0, 'message', 'function_call');
    return at(call, 'name') === 'get_weather' ? CONFORMS : differs(unlike('function_call', call));
  },
};
