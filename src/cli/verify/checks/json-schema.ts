import { refusal } from '../chat-stream.ts';
import { at, parsed, textAt } from '../json-at.ts';
import { asking } from '../shared-exchanges.ts';
import { TEXT, unlike } from '../unlike.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'integer' } },
  required: ['city', 'people'],
  additionalProperties: false,
};

export const jsonSchema: VerifyCheck = {
  id: 'json-schema',
  group: 'parameters',
  kind: 'protocol',
  title: { en: '`json_schema` gives what the schema says', zh: 'json_schema 的结果符合模式' },
  meaning: { en: 'Structured output has to be checked and repaired by hand.', zh: '结构化输出需要自行检查和修复。' },
  requests: 1,
  async run(probe) {
    const format = { type: 'json_schema', json_schema: { name: 'city', schema: SCHEMA, strict: true } };
    const answer = await probe.chat(asking('Tell me about Beijing.', { response_format: format }));
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const content = textAt(answer.json, 'choices', 0, 'message', 'content');
    const value = parsed(content);
    const isFine = typeof at(value, 'city') === 'string' && Number.isInteger(at(value, 'people'));
    return isFine ? CONFORMS : differs(unlike(TEXT, content));
  },
};
