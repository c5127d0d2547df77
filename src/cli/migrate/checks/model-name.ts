import { type Check, type Found, GUIDE } from '../check.ts';
import { knownModel } from '../code/kimi-model.ts';
import { type OpenAiCode, textsOf } from '../code/openai-code.ts';
import { providerOf } from '../code/requests.ts';
import { replaceText } from '../edit.ts';
import type { Text } from '../syntax/expression.ts';

export const foreignModel: Check = {
  id: 'foreign-model',
  level: 'error',
  title: { en: 'A model of another vendor', zh: '其他厂商的模型' },
  why: {
    en: 'Kimi answers 404 to a name that it does not have.',
    zh: 'Kimi 对不存在的模型名返回 404。',
  },
  link: GUIDE,
  gateway: {
    en: 'serves known names of others by an alias, and says so in `x-moongate-model`',
    zh: '用别名为已知的外部模型名提供服务，并在 x-moongate-model 中注明',
  },
  remains: { en: 'choose a model of Kimi on purpose', zh: '有意识地选择一个 Kimi 模型' },
  fix: { en: 'the model that the alias stands for', zh: '改为别名所指的模型' },
  *find(code) {
    yield* names(code, 'foreign');
  },
};

export const retiredModel: Check = {
  id: 'retired-model',
  level: 'error',
  title: { en: 'A retired model', zh: '已下线的模型' },
  why: {
    en: 'kimi-k2.5 and every moonshot-v1 model are gone since 2026-08-31, the K2 previews since 2026-05-25: 404.',
    zh: 'kimi-k2.5 与所有 moonshot-v1 模型已于 2026-08-31 下线，K2 预览版于 2026-05-25 下线：返回 404。',
  },
  link: 'https://platform.kimi.ai/docs/api/models-overview',
  gateway: {
    en: 'follows the name to its successor, unless the surface still lists it',
    zh: '自动换成后继模型，除非接口仍列出旧名',
  },
  remains: { en: 'write the successor', zh: '改写为后继模型' },
  fix: { en: 'the successor', zh: '改为后继模型' },
  *find(code) {
    yield* names(code, 'retired');
  },
};

function* names(code: OpenAiCode, kind: 'foreign' | 'retired'): Iterable<Found> {
  for (const text of modelTexts(code)) {
    const known = knownModel(text.value);
    if (known?.is !== kind) continue;
    const edits = replaceText(code.file, text, known.model);
    yield { from: text.from, to: text.to, what: `${text.value} → ${known.model}`, ...(edits ? { edits } : {}) };
  }
}

function* modelTexts(code: OpenAiCode): Iterable<Text> {
  for (const { options } of code.requests) {
    const option = options.get('model');
    if (option !== undefined) yield* textsOf(code, option);
  }
  for (const call of code.program.calls) {
    const [name] = call.positional;
    if (name?.kind === 'text' && providerOf(code.program, code.clients, call)) yield name;
  }
}
