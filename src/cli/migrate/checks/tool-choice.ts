import { type Check, GUIDE } from '../check.ts';
import { isPlain, servingModel } from '../code/kimi-model.ts';
import { candidates } from '../syntax/program.ts';

export const toolChoice: Check = {
  id: 'tool-choice',
  level: 'error',
  title: { en: 'A tool call is demanded', zh: '强制调用工具' },
  why: {
    en: 'While a K2 model thinks, `required` and a named function are a 400; the k3 family takes `required` and ignores a name. The guide allows `auto`, `none` and null.',
    zh: 'K2 模型思考时，required 与指定函数返回 400；k3 系列接受 required，但忽略函数名。迁移指南只允许 auto、none 与 null。',
  },
  link: GUIDE,
  gateway: {
    en: 'makes the model call: that tool alone on k3, thinking off for the call on kimi-k2.6, asked once more on the others (tool-choice)',
    zh: '让模型调用工具：k3 只保留该工具，kimi-k2.6 本次关闭思考，其他模型再问一次（tool-choice）',
  },
  remains: {
    en: 'nothing through the gateway; else ask again in the application if `finish_reason` is not `tool_calls`',
    zh: '经由网关无需改动；否则在 finish_reason 不是 tool_calls 时由应用再问一次',
  },
  *find(code) {
    for (const request of code.requests) {
      const option = request.options.get('tool_choice');
      if (option === undefined) continue;
      const facts = servingModel(code, request);
      for (const value of candidates(code.program, option.value)) {
        const isNamed = value.kind === 'record';
        const isRequired = value.kind === 'text' && value.value === 'required';
        const isFine = isPlain(request, facts) || (isRequired && facts?.family === 'k3');
        if ((isNamed || isRequired) && !isFine) {
          const what = isNamed ? { en: 'a named function', zh: '指定函数' } : '`required`';
          yield { from: option.from, to: option.to, what };
          break;
        }
      }
    }
  },
};
