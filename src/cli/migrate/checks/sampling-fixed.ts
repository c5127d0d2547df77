import type { ModelFacts } from '../../../models/facts.ts';
import { CHAT_REFERENCE, type Check } from '../check.ts';
import { isPlain, servingModel } from '../code/kimi-model.ts';
import { numbersOf } from '../code/openai-code.ts';
import type { Request } from '../code/requests.ts';
import { removeOption } from '../edit.ts';

const MEMBERS = ['temperature', 'top_p', 'presence_penalty', 'frequency_penalty'] as const;

export const samplingFixed: Check = {
  id: 'sampling-fixed',
  level: 'error',
  title: { en: 'The model fixes its sampling', zh: '模型的采样参数固定' },
  why: {
    en: 'Every live model takes one temperature (1, or 0.6 on kimi-k2.6 without thinking), top_p 0.95 and penalties 0, and answers 400 to another value.',
    zh: '所有在售模型只接受固定的 temperature（1；kimi-k2.6 关闭思考时为 0.6）、top_p 0.95 与 penalty 0，其他值返回 400。',
  },
  link: CHAT_REFERENCE,
  gateway: { en: 'leaves it out (sampling-fixed)', zh: '省略该参数（sampling-fixed）' },
  remains: { en: 'take it out: it cannot be tuned', zh: '删除该参数：它无法调整' },
  fix: { en: 'takes it out, unless it stands in a shared constant', zh: '删除，除非写在共享常量里' },
  *find(code) {
    for (const request of code.requests) {
      const facts = servingModel(code, request);
      for (const member of MEMBERS) {
        const option = request.options.get(member);
        if (option === undefined || (option.literal.kind === 'word' && option.literal.value === null)) continue;
        const numbers = numbersOf(code, option);
        const isOutside = member === 'temperature' && numbers.some((value) => value > 1 || value < 0);
        const accepted = acceptedValue(member, facts, request);
        if (isOutside || (numbers.length > 0 && numbers.every((value) => value === accepted))) continue;
        const edits = removeOption(code.file, option);
        const shown = numbers.length > 0 ? ` ${numbers.join(' / ')}` : '';
        yield { from: option.from, to: option.to, what: `${member}${shown}`, ...(edits ? { edits } : {}) };
      }
    }
  },
};

/** Of a model that the code does not name, as the models that think have it. */
function acceptedValue(member: (typeof MEMBERS)[number], facts: ModelFacts | undefined, request: Request): number {
  const sampling = facts?.sampling.kind === 'fixed' ? facts.sampling : undefined;
  if (member === 'temperature')
    return (isPlain(request, facts) ? sampling?.temperature.plain : sampling?.temperature.thinking) ?? 1;
  return member === 'top_p' ? (sampling?.topP ?? 0.95) : 0;
}
