import { type Check, GUIDE } from '../check.ts';
import { numbersOf } from '../code/openai-code.ts';
import { removeOption } from '../edit.ts';

export const temperatureRange: Check = {
  id: 'temperature-range',
  level: 'error',
  title: { en: 'A temperature outside 0…1', zh: 'temperature 超出 0…1' },
  why: {
    en: 'OpenAI takes 0…2, Kimi 0…1; the live models take one value only. Anything else is a 400.',
    zh: 'OpenAI 接受 0…2，Kimi 只接受 0…1；在售模型只接受一个固定值，其他值返回 400。',
  },
  link: GUIDE,
  gateway: {
    en: 'leaves it out for models that fix it, brings it down to 1 for the others (sampling-fixed, sampling-range)',
    zh: '对固定该值的模型省略，对其他模型降到 1（sampling-fixed、sampling-range）',
  },
  remains: { en: 'take it out', zh: '删除该参数' },
  fix: { en: 'takes it out, unless it stands in a shared constant', zh: '删除，除非写在共享常量里' },
  *find(code) {
    for (const { options } of code.requests) {
      const option = options.get('temperature');
      const [bad] = option ? numbersOf(code, option).filter((value) => value > 1 || value < 0) : [];
      if (option === undefined || bad === undefined) continue;
      const edits = removeOption(code.file, option);
      yield { from: option.from, to: option.to, what: `temperature ${bad}`, ...(edits ? { edits } : {}) };
    }
  },
};
