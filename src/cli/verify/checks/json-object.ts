import { refusal } from '../chat-stream.ts';
import { parsed, textAt } from '../json-at.ts';
import { asking } from '../shared-exchanges.ts';
import { TEXT, unlike } from '../unlike.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

export const jsonObject: VerifyCheck = {
  id: 'json-object',
  group: 'parameters',
  kind: 'protocol',
  title: { en: '`json_object` gives a JSON object', zh: 'json_object 返回 JSON 对象' },
  meaning: { en: 'Programs that parse the answer fail.', zh: '解析回答的程序会失败。' },
  requests: 1,
  async run(probe) {
    const body = asking('Describe Beijing in JSON with the members name and country.', {
      response_format: { type: 'json_object' },
    });
    const answer = await probe.chat(body);
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const content = textAt(answer.json, 'choices', 0, 'message', 'content');
    const value = parsed(content);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? CONFORMS
      : differs(unlike(TEXT, content));
  },
};
