import { at, listAt, shown } from '../json-at.ts';
import { type VerifyCheck, verdictOf } from '../verify-check.ts';

export const modelList: VerifyCheck = {
  id: 'model-list',
  group: 'models',
  kind: 'protocol',
  title: { en: 'The model list has its shape', zh: '模型列表格式正确' },
  meaning: {
    en: 'Clients that offer a choice of models show none, or fail at start.',
    zh: '提供模型选择的客户端会显示为空，或启动失败。',
  },
  requests: 1,
  async run(probe) {
    const { json, status } = await probe.get('/v1/models');
    const models = listAt(json, 'data');
    const problems = [
      ...(status === 200 ? [] : [`HTTP ${status}`]),
      ...(at(json, 'object') === 'list'
        ? []
        : [
            {
              en: `object is ${shown(at(json, 'object'))}, not "list"`,
              zh: `object 为 ${shown(at(json, 'object'))}，而不是 "list"`,
            },
          ]),
      ...(models.length > 0 ? [] : [{ en: 'data is no list with models', zh: 'data 不是模型列表' }]),
      ...models.flatMap((model) => [
        ...(typeof at(model, 'id') === 'string'
          ? []
          : [{ en: `a model without id: ${shown(model)}`, zh: `模型没有 id：${shown(model)}` }]),
        ...(at(model, 'object') === 'model'
          ? []
          : [
              {
                en: `object of ${shown(at(model, 'id'))} is ${shown(at(model, 'object'))}`,
                zh: `${shown(at(model, 'id'))} 的 object 为 ${shown(at(model, 'object'))}`,
              },
            ]),
        ...(Number.isInteger(at(model, 'created'))
          ? []
          : [
              {
                en: `created of ${shown(at(model, 'id'))} is ${shown(at(model, 'created'))}`,
                zh: `${shown(at(model, 'id'))} 的 created 为 ${shown(at(model, 'created'))}`,
              },
            ]),
        ...(typeof at(model, 'owned_by') === 'string'
          ? []
          : [
              {
                en: `owned_by of ${shown(at(model, 'id'))} is ${shown(at(model, 'owned_by'))}`,
                zh: `${shown(at(model, 'id'))} 的 owned_by 为 ${shown(at(model, 'owned_by'))}`,
              },
            ]),
      ]),
    ];
    return verdictOf(problems);
  },
};
