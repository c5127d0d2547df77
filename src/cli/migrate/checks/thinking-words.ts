import type { Check, Found } from '../check.ts';
import { servingModel } from '../code/kimi-model.ts';
import type { OpenAiCode } from '../code/openai-code.ts';
import { textsOf } from '../code/openai-code.ts';
import type { Request } from '../code/requests.ts';
import { textMember } from '../code/tools.ts';

export const thinkingWords: Check = {
  id: 'thinking-words',
  level: 'error',
  title: { en: 'The model does not take this about thinking', zh: '模型不接受该思考参数' },
  why: {
    en: 'The k3 family takes `reasoning_effort` low, high or max; kimi-k2.6 takes `thinking` enabled or disabled; kimi-k2.7-code always thinks and refuses `disabled`.',
    zh: 'k3 系列接受 reasoning_effort 的 low、high、max；kimi-k2.6 接受 thinking 的 enabled 与 disabled；kimi-k2.7-code 总是思考，拒绝 disabled。',
  },
  link: 'https://platform.kimi.ai/docs/guide/use-thinking-effort',
  gateway: { en: 'says it in the words of the model (reasoning-effort)', zh: '换成模型接受的写法（reasoning-effort）' },
  remains: {
    en: "nothing through the gateway; else use the model's own words",
    zh: '经由网关无需改动；否则使用模型自己的写法',
  },
  *find(code) {
    for (const request of code.requests) {
      yield* effort(code, request);
      yield* disabled(code, request);
    }
  },
};

function* effort(code: OpenAiCode, request: Request): Iterable<Found> {
  const option = request.options.get('reasoning_effort');
  if (option === undefined) return;
  const efforts = servingModel(code, request)?.efforts ?? ['low', 'high', 'max'];
  const [word] = textsOf(code, option).filter(({ value }) => !efforts.includes(value));
  if (word) yield { from: option.from, to: option.to, what: `reasoning_effort ${word.value}` };
}

function* disabled(code: OpenAiCode, request: Request): Iterable<Found> {
  const option = request.options.get('thinking');
  const facts = servingModel(code, request);
  if (option?.literal.kind !== 'record' || facts?.thinking !== 'always') return;
  if (textMember(option.literal, 'type') === 'disabled')
    yield { from: option.from, to: option.to, what: `thinking disabled, ${facts.id}` };
}
