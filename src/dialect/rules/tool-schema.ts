import type { FunctionDefinition, Tool } from '../../chat/chat.ts';
import { SchemaCache } from '../mfjs/schema-cache.ts';
import type { Rule, SurfaceKind } from '../rule.ts';

/** Kimi Code refuses parameters of more than about 15,000 bytes (Leechael/pi-provider-kimi-code, measured); some room is left. */
const CODING_BYTES = 14_500;

const CACHES: Readonly<Partial<Record<SurfaceKind, SchemaCache>>> = {
  platform: new SchemaCache({ root: 'object' }),
  coding: new SchemaCache({ root: 'object', maxBytes: CODING_BYTES }),
};

/** `strict` is true by default at Kimi; a schema that promises less than the client's must not be enforced as if it were its own (Q34). */
function compileFunction(definition: FunctionDefinition, cache: SchemaCache): FunctionDefinition {
  const { parameters, strict } = definition;
  const isSchema =
    (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)) ||
    typeof parameters === 'boolean';
  const compiled = isSchema ? cache.compile(parameters) : undefined;
  if (compiled === undefined) return definition;
  const isLoose = compiled.weakened && typeof strict !== 'boolean';
  return { ...definition, parameters: compiled.schema, ...(isLoose ? { strict: false } : {}) };
}

export const toolSchema: Rule = {
  id: 'tool-schema',
  title: { en: "Parameters are written in Kimi's schema dialect", zh: '工具参数改写为 Kimi 的 JSON Schema 方言' },
  why: 'Kimi takes a subset of JSON Schema (MFJS) and answers 400 to anything else: one MCP tool with `oneOf`, `$ref` siblings or a tuple makes every turn fail. The parameters are rewritten so that they never allow less than before; what the subset cannot say stands in the descriptions. Properties whose names it refuses (`$ref`, `anyOf`, `required` …) are told in words, too, and the object stays open for them. `$schema` is left out, which both the published dialect and the live service accept.',
  source:
    'MoonshotAI/walle (docs and validator); openclaw/openclaw #113130; MoonshotAI/kimi-cli #2061, #2531; CommandCodeAI/command-code #594; Leechael/pi-provider-kimi-code (size)',
  seen: '2026-08-22',
  when: ({ surface }) => CACHES[surface] !== undefined,
  request: {
    reads: ['tools'],
    dependsOn: 'tools',
    trigger: { members: ['tools'] },
    apply(request, { situation, note }) {
      const { tools } = request;
      const cache = CACHES[situation.surface];
      if (!Array.isArray(tools) || cache === undefined) return request;
      const changed: string[] = [];
      const compiled = tools.map((tool: Tool): Tool => {
        if (typeof tool?.function !== 'object' || tool.function === null) return tool;
        const definition = compileFunction(tool.function, cache);
        if (definition === tool.function) return tool;
        changed.push(String(definition.name));
        return { ...tool, function: definition };
      });
      if (changed.length === 0) return request;
      const named = changed.slice(0, 5).join(', ');
      note(`parameters of ${named}${changed.length > 5 ? ` and ${changed.length - 5} more tools` : ''} rewritten`);
      return { ...request, tools: compiled };
    },
  },
};
