import type { ChatRequest, Tool } from '../../chat/chat.ts';
import type { RequestRepair, Turn } from '../rule.ts';
import { responseSchema } from '../rules/response-schema.ts';
import { toolSchema } from '../rules/tool-schema.ts';
import { isMembers, type Members } from './members.ts';

/** The schemas of tools, compiled by the rule of the dialect. `strict` stands beside the schema in this shape. */
export const inputSchemas: RequestRepair = {
  reads: ['tools'],
  trigger: { members: ['tools'] },
  apply(request, turn) {
    const tools: unknown = request.tools;
    if (!Array.isArray(tools)) return request;
    const functions = tools.map(toFunction);
    const compiled = toolSchema.request?.apply({ tools: functions }, turn).tools;
    if (compiled === undefined || compiled === functions) return request;
    const back = tools.map((tool: unknown, index) => withSchema(tool, functions[index], compiled[index]));
    return { ...request, tools: back as NonNullable<ChatRequest['tools']> };
  },
};

function toFunction(tool: unknown): Tool {
  const { name, input_schema: parameters, strict } = isMembers(tool) ? tool : {};
  return {
    type: 'function',
    function: { name: String(name), parameters, ...(typeof strict === 'boolean' ? { strict } : {}) },
  };
}

/** The same tool if its schema was within the dialect. */
function withSchema(tool: unknown, before: Tool | undefined, after: Tool | undefined): unknown {
  if (!isMembers(tool) || after === before) return tool;
  const { parameters, strict } = after?.function ?? {};
  return { ...tool, input_schema: parameters, ...(strict === undefined ? {} : { strict }) };
}

/** Structured outputs: `output_config.format`, which was the top-level `output_format` of an earlier beta. */
export const formatSchema: RequestRepair = {
  reads: ['output_config', 'output_format'],
  trigger: { members: ['output_config', 'output_format'] },
  apply(request, turn) {
    const { output_config: config, output_format: old, ...rest } = request;
    const given = isMembers(config) ? config : {};
    const isOld = isMembers(old) && given['format'] === undefined;
    if (isOld) turn.note('output_format sent as output_config.format');
    const format = isOld ? old : given['format'];
    const fitting = isMembers(format) ? withinDialect(format, turn) : format;
    if (fitting === given['format'] && !('output_format' in request)) return request;
    return { ...rest, output_config: { ...given, ...(fitting === undefined ? {} : { format: fitting }) } };
  },
};

function withinDialect(format: Members, turn: Turn): Members {
  const { type, schema } = format;
  if (type !== 'json_schema') return format;
  const asked = { response_format: { type, json_schema: { name: 'answer', schema } } };
  const compiled: unknown = responseSchema.request?.apply(asked, turn).response_format;
  const holder = isMembers(compiled) ? compiled['json_schema'] : undefined;
  const fitting = isMembers(holder) ? holder['schema'] : schema;
  return fitting === schema ? format : { ...format, schema: fitting };
}
