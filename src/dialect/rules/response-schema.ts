import { isObject } from '../mfjs/json-value.ts';
import { SchemaCache } from '../mfjs/schema-cache.ts';
import type { Rule } from '../rule.ts';

const CACHE = new SchemaCache({ root: 'any' }, { entries: 100, characters: 1_000_000 });

export const responseSchema: Rule = {
  id: 'response-schema',
  title: { en: "Response schemas are written in Kimi's schema dialect", zh: '响应格式改写为 Kimi 的 JSON Schema 方言' },
  why: 'A `response_format` of type `json_schema` is held to the same subset of JSON Schema as the parameters of tools; `$schema`, `$ref` and `oneOf` were seen to fail at times even where they were let in. `strict` is true by default and is turned off where the schema had to be widened and the client did not ask for it.',
  source: 'MoonshotAI/walle; Kimi-Vendor-Verifier test_response_format; live probes of a Go gateway, Halro',
  seen: '2026-09-02',
  when: ({ surface }) => surface === 'platform' || surface === 'coding',
  request: {
    reads: ['response_format'],
    trigger: { members: ['response_format'] },
    apply(request, { note }) {
      const format = request.response_format;
      if (!isObject(format) || format['type'] !== 'json_schema' || !isObject(format['json_schema'])) return request;
      const holder = format['json_schema'];
      const compiled = isObject(holder['schema']) ? CACHE.compile(holder['schema']) : undefined;
      if (compiled === undefined) return request;
      note('schema of response_format rewritten');
      const isLoose = compiled.weakened && typeof holder['strict'] !== 'boolean';
      const json_schema = { ...holder, schema: compiled.schema, ...(isLoose ? { strict: false } : {}) };
      return { ...request, response_format: { ...format, json_schema } };
    },
  },
};
