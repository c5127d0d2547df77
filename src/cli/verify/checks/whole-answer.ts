import { refusal } from '../chat-stream.ts';
import { at } from '../json-at.ts';
import { unlike } from '../unlike.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

export const wholeAnswer: VerifyCheck = {
  id: 'whole-answer',
  group: 'answers',
  kind: 'protocol',
  title: { en: 'A whole answer has its shape', zh: '完整回答格式正确' },
  meaning: {
    en: 'SDKs give undefined values or throw while they read the answer.',
    zh: 'SDK 会得到 undefined 或在解析回答时抛错。',
  },
  uses: ['whole'],
  async run(probe) {
    const answer = await probe.shared('whole');
    const refused = refusal(answer);
    if (refused) return differs(refused);
    const { json, type } = answer;
    const choice = at(json, 'choices', 0);
    const expect = (name: string, value: unknown, isFine: boolean) => (isFine ? [] : [unlike(name, value)]);
    return verdictOf([
      ...expect('content-type', type, /^application\/json\b/.test(type)),
      ...expect('object', at(json, 'object'), at(json, 'object') === 'chat.completion'),
      ...expect('id', at(json, 'id'), typeof at(json, 'id') === 'string' && at(json, 'id') !== ''),
      ...expect('created', at(json, 'created'), Number.isInteger(at(json, 'created'))),
      ...expect('model', at(json, 'model'), typeof at(json, 'model') === 'string'),
      ...expect('choices[0].index', at(choice, 'index'), at(choice, 'index') === 0),
      ...expect('message.role', at(choice, 'message', 'role'), at(choice, 'message', 'role') === 'assistant'),
      ...expect(
        'message.content',
        at(choice, 'message', 'content'),
        typeof at(choice, 'message', 'content') === 'string',
      ),
      ...expect('finish_reason', at(choice, 'finish_reason'), at(choice, 'finish_reason') === 'stop'),
    ]);
  },
};
