import { THINKING_FLOOR } from '../../../dialect/sizes/cap-of.ts';
import { CHAT_REFERENCE, type Check } from '../check.ts';
import { isPlain, servingModel } from '../code/kimi-model.ts';
import { numbersOf } from '../code/openai-code.ts';

export const capTooSmall: Check = {
  id: 'cap-too-small',
  level: 'warning',
  title: { en: 'A cap that thinking would use up', zh: '会被思考耗尽的输出上限' },
  why: {
    en: 'The cap counts reasoning too: of 48 tokens 45 went into it, and the answer was empty with `finish_reason: length`.',
    zh: '上限也计算思考：48 个 token 里有 45 个用于思考，回答为空，finish_reason 为 length。',
  },
  link: CHAT_REFERENCE,
  gateway: {
    en: `below ${THINKING_FLOOR} it switches thinking off where that is possible, else raises the cap (cap-too-small)`,
    zh: `低于 ${THINKING_FLOOR} 时尽量关闭思考，否则提高上限（cap-too-small）`,
  },
  remains: {
    en: `give it ${THINKING_FLOOR} or more, or switch thinking off on kimi-k2.6`,
    zh: `设为 ${THINKING_FLOOR} 以上，或在 kimi-k2.6 上关闭思考`,
  },
  *find(code) {
    for (const request of code.requests) {
      const option = request.options.get('max_tokens', 'max_completion_tokens');
      if (option === undefined || isPlain(request, servingModel(code, request))) continue;
      const [cap] = numbersOf(code, option).filter((value) => value > 0 && value < THINKING_FLOOR);
      if (cap !== undefined) yield { from: option.from, to: option.to, what: `${option.name} ${cap}` };
    }
  },
};
