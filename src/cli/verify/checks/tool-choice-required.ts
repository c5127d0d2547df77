import { forcedCall } from '../forced-call.ts';
import type { VerifyCheck } from '../verify-check.ts';

export const toolChoiceRequired: VerifyCheck = {
  id: 'tool-choice-required',
  group: 'tools',
  kind: 'dialect',
  title: { en: '`tool_choice: "required"` calls a tool', zh: 'tool_choice: "required" 会调用工具' },
  meaning: {
    en: 'Programs that read the answer from a tool call get prose or a 400.',
    zh: '从工具调用读取结果的程序会得到普通文本或 400。',
  },
  requests: 1,
  run: (probe) => forcedCall(probe, 'required', undefined),
};
