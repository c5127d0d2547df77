import { errorProblems } from '../error-shape.ts';
import { at } from '../json-at.ts';
import { user } from '../shared-exchanges.ts';
import { unlike } from '../unlike.ts';
import { skipped, type VerifyCheck, verdictOf } from '../verify-check.ts';

/** More than any text can hold in a token: ordinary words have four characters each. */
const CHARACTERS_PER_TOKEN = 5;

export const errorContext: VerifyCheck = {
  id: 'error-context',
  group: 'errors',
  kind: 'dialect',
  title: {
    en: 'A prompt that is too long has the code `context_length_exceeded`',
    zh: '过长的提示返回 context_length_exceeded',
  },
  meaning: {
    en: 'Agents do not compact their context; they repeat the request until they give up.',
    zh: '智能体不会压缩上下文，而是不断重试直至放弃。',
  },
  requests: 1,
  isHeavy: true,
  async run(probe) {
    const context = probe.facts?.context;
    if (context === undefined) return skipped({ en: 'the size of its context is not known', zh: '上下文长度未知' });
    const prompt = 'word '.repeat(Math.ceil((context * CHARACTERS_PER_TOKEN) / 'word '.length));
    const answer = await probe.chat({ messages: user(prompt), max_completion_tokens: 16 });
    const code = at(answer.json, 'error', 'code');
    return verdictOf([
      ...errorProblems(answer, [400]),
      ...(code === 'context_length_exceeded' ? [] : [unlike('error.code', code)]),
    ]);
  },
};
