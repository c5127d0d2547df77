import { forcedCall } from '../forced-call.ts';
import type { VerifyCheck } from '../verify-check.ts';

export const toolChoiceNamed: VerifyCheck = {
  id: 'tool-choice-named',
  group: 'tools',
  kind: 'dialect',
  title: { en: 'A named function is the one that is called', zh: '指定的函数会被调用' },
  meaning: { en: 'Structured output by a forced function fails.', zh: '通过强制函数实现的结构化输出会失败。' },
  requests: 1,
  run: (probe) => forcedCall(probe, { type: 'function', function: { name: 'get_time' } }, 'get_time'),
};
