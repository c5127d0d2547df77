import { refusal } from '../chat-stream.ts';
import { asking } from '../shared-exchanges.ts';
import { CONFORMS, differs, type VerifyCheck } from '../verify-check.ts';

/** As generators of schemas write them: a dialect mark, a choice, a constant, a format, a tuple, a reference. */
const PARAMETERS = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    when: { oneOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
    kind: { const: 'forecast' },
    span: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }] },
    place: { $ref: '#/definitions/place', description: 'Where' },
  },
  definitions: { place: { type: 'object', properties: { city: { type: 'string', pattern: '^[A-Z]' } } } },
  required: ['kind'],
};

export const toolSchemaRich: VerifyCheck = {
  id: 'tool-schema-rich',
  group: 'tools',
  kind: 'dialect',
  title: { en: 'Any JSON Schema is taken for a tool', zh: '接受任意 JSON Schema 的工具定义' },
  meaning: {
    en: 'MCP servers and schema generators get "not a valid moonshot flavored json schema".',
    zh: 'MCP 服务器与模式生成器会得到 not a valid moonshot flavored json schema。',
  },
  requests: 1,
  async run(probe) {
    const tools = [{ type: 'function', function: { name: 'get_forecast', parameters: PARAMETERS } }];
    const refused = refusal(await probe.chat(asking('Say hello.', { tools })));
    return refused === undefined ? CONFORMS : differs(refused);
  },
};
