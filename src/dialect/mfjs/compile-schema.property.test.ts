import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mfjsDetails, validateMfjs } from '../../simulator/mfjs/validate-mfjs.ts';
import { validateArguments } from '../tool-arguments/validate-arguments.ts';
import { anyInstance, anySchema, withImpliedTypes } from './arbitrary-schemas.fixture.ts';
import { compileSchema } from './compile-schema.ts';
import type { JsonObject } from './json-value.ts';

const RUNS = { numRuns: 2500 };
const isLastResort = ({ description }: JsonObject) => String(description).startsWith('JSON Schema: ');

describe('for arbitrary schemas', () => {
  test.each(['object', 'any'] as const)('the simulator accepts the result (root: %s)', (root) => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        const compiled = compileSchema(schema, { root }).schema;
        expect(mfjsDetails(validateMfjs(compiled, 'strict'))).toBe('');
        expect(isLastResort(compiled)).toBe(false);
        if (root === 'object' && Object.keys(compiled).length > 0) expect(compiled['type']).toBe('object');
      }),
      RUNS,
    );
  });

  test('compiling twice changes nothing, and the same text gives the same text', () => {
    fc.assert(
      fc.property(anySchema, fc.constantFrom('object' as const, 'any' as const), (schema, root) => {
        const compiled = compileSchema(schema, { root }).schema;
        expect(compileSchema(compiled, { root }).schema).toBe(compiled);
        const again = compileSchema(JSON.parse(JSON.stringify(schema)), { root }).schema;
        expect(JSON.stringify(again)).toBe(JSON.stringify(compiled));
      }),
      RUNS,
    );
  });

  test('what was valid stays valid', () => {
    let valid = 0;
    fc.assert(
      fc.property(anySchema, fc.array(anyInstance, { minLength: 10, maxLength: 30 }), (schema, instances) => {
        const meant = withImpliedTypes(schema);
        const compiled = compileSchema(schema, { root: 'any' }).schema;
        for (const instance of instances) {
          if (validateArguments(instance, meant).length > 0) continue;
          valid++;
          expect({ instance, compiled, problems: validateArguments(instance, compiled) }).toEqual({
            instance,
            compiled,
            problems: [],
          });
        }
      }),
      RUNS,
    );
    expect(valid).toBeGreaterThan(RUNS.numRuns);
  });

  test('any JSON at all is taken, and any size is met', () => {
    fc.assert(
      fc.property(fc.jsonValue(), anySchema, fc.constantFrom(300, 1000, 3000), (junk, schema, maxBytes) => {
        for (const input of [
          junk,
          { ...schema, type: junk },
          { ...schema, properties: junk, required: junk },
          { anyOf: junk, enum: junk, $ref: junk },
        ]) {
          const compiled = compileSchema(input, { root: 'object', maxBytes }).schema;
          expect(mfjsDetails(validateMfjs(compiled, 'strict'))).toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });
});
