import { isMfjs } from '../../../dialect/mfjs/is-mfjs.ts';
import { isValidToolName } from '../../../dialect/tool-alias.ts';
import { CHAT_REFERENCE, type Check } from '../check.ts';
import { jsonLiteral } from '../code/json-literal.ts';
import { declaredFunctions, member } from '../code/tools.ts';

export const toolName: Check = {
  id: 'tool-name',
  level: 'error',
  title: { en: 'A tool name that Kimi refuses', zh: 'Kimi 不接受的工具名' },
  why: {
    en: '3 to 64 letters, digits, underscores and dashes, beginning with a letter or an underscore; else 400.',
    zh: '3 到 64 个字母、数字、下划线或连字符，以字母或下划线开头；否则返回 400。',
  },
  link: CHAT_REFERENCE,
  gateway: { en: 'renames it on the way up and back (tool-names)', zh: '发送时改名，返回时改回（tool-names）' },
  remains: { en: 'nothing through the gateway; else another name', zh: '经由网关无需改动；否则换一个名字' },
  *find(code) {
    for (const request of code.requests) {
      for (const declared of declaredFunctions(code, request)) {
        const name = member(declared, 'name')?.value;
        if (name?.kind === 'text' && !name.value.startsWith('$') && !isValidToolName(name.value)) {
          yield { from: name.from, to: name.to, what: name.value };
        }
      }
    }
  },
};

export const toolSchema: Check = {
  id: 'tool-schema',
  level: 'warning',
  title: { en: 'A schema outside Moonshot Flavored JSON Schema', zh: '超出 Moonshot JSON Schema 子集的模式' },
  why: {
    en: '`oneOf`, `allOf`, `const`, `format`, `pattern`, a type beside `anyOf` and others are refused: "not a valid moonshot flavored json schema".',
    zh: 'oneOf、allOf、const、format、pattern、与 anyOf 并列的 type 等会被拒绝。',
  },
  link: 'https://github.com/MoonshotAI/walle',
  gateway: { en: 'rewrites it without narrowing it (tool-schema)', zh: '等价改写（tool-schema）' },
  remains: { en: 'nothing through the gateway; else a plainer schema', zh: '经由网关无需改动；否则使用更简单的模式' },
  *find(code) {
    for (const request of code.requests) {
      for (const declared of declaredFunctions(code, request)) {
        const parameters = member(declared, 'parameters');
        const schema = parameters && jsonLiteral(code.program, parameters.value);
        if (parameters && schema !== undefined && !isMfjs(schema)) yield { from: parameters.from, to: parameters.to };
      }
    }
  },
};
