import { isAbsent, isObject } from '../json.ts';
import { mfjsDetails, validateMfjs } from '../mfjs/validate-mfjs.ts';
import { invalid } from '../refusal.ts';
import type { ResponseFormat, RuleContext } from './request.ts';

/** Vendor's conformance tests, response_format; the sentences except the dialect's are ours. */
export function readResponseFormat(value: unknown, context: RuleContext): ResponseFormat {
  if (isAbsent(value)) return { type: 'text' };
  if (!isObject(value)) throw invalid('Invalid request: response_format must be an object');
  const { type, json_schema: holder } = value;
  if (type === 'text' || type === 'json_object') return { type };
  if (type !== 'json_schema') throw invalid(`Invalid request: invalid response_format type ${JSON.stringify(type)}`);
  if (!isObject(holder)) throw invalid('Invalid request: response_format.json_schema is required');
  const { name, schema, strict } = holder;
  if (typeof name !== 'string' || name === '') {
    throw invalid('Invalid request: response_format.json_schema.name is required');
  }
  if (!isAbsent(strict) && typeof strict !== 'boolean') {
    throw invalid('Invalid request: response_format.json_schema.strict must be a boolean');
  }
  if (isAbsent(schema)) throw invalid('Invalid request: response_format.json_schema.schema is required');
  if (!isObject(schema)) throw invalid('Invalid request: response_format.json_schema.schema must be an object');
  const problems = validateMfjs(schema, context.mfjs);
  if (problems.length > 0) {
    throw invalid(
      `response_format.json_schema.schema is not a valid moonshot flavored json schema, details: ${mfjsDetails(problems)}`,
    );
  }
  return { type, schema };
}
