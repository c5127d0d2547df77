import { joined } from '../chat-stream.ts';
import { shown, textAt } from '../json-at.ts';
import { SENTENCE } from '../shared-exchanges.ts';
import { differs, type VerifyCheck, verdictOf } from '../verify-check.ts';

const MARKS = /<\/?think(?:ing)?>|◁\/?think▷/;

export const reasoningApart: VerifyCheck = {
  id: 'reasoning-apart',
  group: 'answers',
  kind: 'protocol',
  title: { en: 'Reasoning stays out of the text', zh: '思考与正文分开' },
  meaning: {
    en: 'Users read what the model thinks as if it were the answer, and tools get it as input.',
    zh: '用户会把思考当作回答，工具也会把它当作输入。',
  },
  uses: ['whole', 'stream'],
  async run(probe) {
    const whole = (await probe.shared('whole')).json;
    const stream = await probe.shared('stream');
    const texts = [textAt(whole, 'choices', 0, 'message', 'content'), joined(stream, 'content')];
    const marked = texts.find((text) => MARKS.test(text));
    if (marked !== undefined)
      return differs({
        en: `the text has marks of thinking: ${shown(marked)}`,
        zh: `文本中有思考标记：${shown(marked)}`,
      });
    const reasoning = [
      textAt(whole, 'choices', 0, 'message', 'reasoning_content'),
      joined(stream, 'reasoning_content'),
    ];
    const repeated = reasoning.findIndex(
      (thought, index) => thought.length > SENTENCE.length && texts[index]?.includes(thought),
    );
    return verdictOf(
      repeated < 0 ? [] : [{ en: 'the text repeats reasoning_content', zh: '文本重复了 reasoning_content' }],
    );
  },
};
