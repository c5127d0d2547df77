import { type Expand, intersect, isWithin, unite } from './combine.ts';
import { isObject, type JsonObject, member, shortJson } from './json-value.ts';
import { generalNotes, typeNotes } from './notes.ts';
import { hasOverlap } from './overlap.ts';
import { type References, referenceIn } from './references.ts';
import {
  ALL_TYPES,
  type Alternative,
  ANYTHING,
  annotate,
  NO_NOTES,
  NOTHING,
  plain,
  type Shape,
  type TypeName,
} from './shape.ts';
import { readArray, readNumber, readObject, readString } from './typed-keywords.ts';
import { typesOf } from './types-of.ts';

/** Subschemas in subschemas; what lies deeper may be anything. Kimi's own limit is 30 levels of properties. */
const MAX_NESTING = 40;
/** Subschemas that are read for one schema, written-out references included; hostile ones end here. */
const MAX_NODES = 20_000;
/** A list longer than this goes into words. The validator's own limit is 1,000. */
const MAX_VALUES = 1000;

/** Reads JSON Schema, of any draft and with the habits of its generators, as shapes. */
export class SchemaReader {
  /** Whether some demand could only be told in words. */
  weakened = false;
  /** The definitions that shapes refer to, in the order in which they were met. */
  readonly definitions = new Map<string, Shape | undefined>();
  readonly #references: References;
  /** The references that are being written out. */
  readonly #open = new Set<string>();
  /** The definitions whose own value is being described: one that refers to itself here says nothing by it. */
  #here: ReadonlySet<string> = new Set(['#']);
  #nesting = 0;
  #nodes = 0;

  constructor(references: References) {
    this.#references = references;
  }

  /** Reads the schema of a member or an item. */
  read(schema: unknown): Shape {
    return this.#readWithin(schema, NOWHERE);
  }

  readRoot(schema: unknown): Shape {
    return this.#readHere(schema);
  }

  #readWithin(schema: unknown, here: ReadonlySet<string>): Shape {
    const before = this.#here;
    this.#here = here;
    const shape = this.#readHere(schema);
    this.#here = before;
    return shape;
  }

  #readHere(schema: unknown): Shape {
    if (schema === false) return NOTHING;
    if (!isObject(schema)) return ANYTHING;
    if (this.#nesting >= MAX_NESTING || this.#nodes >= MAX_NODES) {
      this.weakened = true;
      return ANYTHING;
    }
    this.#nesting++;
    this.#nodes++;
    try {
      return this.#readObject(schema);
    } finally {
      this.#nesting--;
    }
  }

  readonly expand: Expand = (pointer) => {
    if (this.#open.has(pointer)) {
      this.weakened = true;
      return undefined;
    }
    return this.#writtenOut(pointer, this.#references.resolve(pointer)?.schema);
  };

  weaken(): void {
    this.weakened = true;
  }

  #writtenOut(pointer: string, schema: unknown): Shape {
    const isOpen = this.#open.has(pointer);
    this.#open.add(pointer);
    const shape = this.#readWithin(schema, new Set([...this.#here, pointer]));
    if (!isOpen) this.#open.delete(pointer);
    return shape;
  }

  #readObject(schema: JsonObject): Shape {
    let shape = this.#own(schema);
    const reference = referenceIn(schema);
    if (reference !== undefined) shape = intersect(shape, this.#referred(reference), this.expand);
    for (const part of partsOf(schema, 'allOf')) shape = intersect(shape, this.#readHere(part), this.expand);
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const branches = partsOf(schema, keyword);
      if (branches.length === 0) continue;
      shape = intersect(shape, unite(branches.map((branch) => this.#readHere(branch))), this.expand);
      if (keyword === 'oneOf' && hasOverlap(shape)) this.weaken();
    }
    if (member(schema, 'nullable') === true || member(schema, 'x-nullable') === true) {
      shape = {
        ...shape,
        alternatives: unite([{ alternatives: shape.alternatives, notes: NO_NOTES }, NULL]).alternatives,
      };
    }
    return shape;
  }

  /** What the schema says itself, without what it refers to or is composed of. */
  #own(schema: JsonObject): Shape {
    const told = generalNotes(schema);
    if (told.weakened) this.weaken();
    const title = member(schema, 'title');
    const description = member(schema, 'description');
    const alternatives = typesOf(schema).map((type) => this.#typed(type, schema));
    return {
      alternatives: this.#listed(schema, alternatives),
      title: typeof title === 'string' ? title : undefined,
      description: typeof description === 'string' && description !== '' ? description : undefined,
      fallback: member(schema, 'default'),
      notes: told.notes,
    };
  }

  #typed(type: TypeName, schema: JsonObject): Alternative {
    const told = typeNotes(type, schema);
    if (told.weakened) this.weaken();
    const alternative = { ...plain(type), notes: told.notes };
    switch (type) {
      case 'string':
        return { ...alternative, ...readString(schema) };
      case 'number':
      case 'integer':
        return annotate({ ...alternative, ...readNumber(type, schema, this) }, alternative);
      case 'array':
        return annotate({ ...alternative, ...readArray(schema, this) }, alternative);
      case 'object':
        return annotate({ ...alternative, ...readObject(schema, this) }, alternative);
      case 'boolean':
      case 'null':
        return alternative;
    }
  }

  /** Splits `enum` and `const` by type; what cannot be listed goes into words. */
  #listed(schema: JsonObject, alternatives: readonly Alternative[]): readonly Alternative[] {
    const list = member(schema, 'enum');
    const values = Object.hasOwn(schema, 'const') ? [schema['const']] : Array.isArray(list) ? list : undefined;
    if (values === undefined) return alternatives;
    const listed = alternatives.flatMap((alternative) => this.#listedOfType(alternative, values));
    if (listed.length > 0 || values.length === 0) return listed;
    // `type: string` with a list of numbers: the list is what the author sees.
    return ALL_TYPES.flatMap((type) => this.#listedOfType(plain(type), values));
  }

  #listedOfType(alternative: Alternative, values: readonly unknown[]): readonly Alternative[] {
    const ofType = values.filter((value) => isOfType(value, alternative.type));
    if (ofType.length === 0) return [];
    if (alternative.type === 'null') return [alternative];
    if (alternative.type === 'boolean' && new Set(ofType).size === 2) return [alternative];
    const isListable = ALL_TYPES.indexOf(alternative.type as TypeName) < 2 || alternative.type === 'integer';
    if (!isListable || ofType.length > MAX_VALUES) {
      this.weaken();
      const what = ofType.length === 1 ? 'Must be' : 'One of';
      return [
        {
          ...alternative,
          notes: [...alternative.notes, `${what} ${shortJson(ofType.length === 1 ? ofType[0] : ofType, 400)}.`],
        },
      ];
    }
    const scalars = [...new Set(ofType as (string | number)[])].filter((value) => isWithin(value, alternative));
    if (scalars.length === 0) return [];
    const type = alternative.type === 'number' && scalars.every(Number.isInteger) ? 'integer' : alternative.type;
    return [{ ...alternative, type, values: scalars, lower: undefined, upper: undefined }];
  }

  #referred(reference: string): Shape {
    const target = this.#references.resolve(reference);
    if (target === undefined) {
      this.weaken();
      return { ...ANYTHING, notes: [`Refers to ${shortJson(reference, 100)}, which the schema does not define.`] };
    }
    if (this.#here.has(target.pointer)) {
      this.weaken();
      return ANYTHING;
    }
    if (!this.#references.isShared(target)) return this.#writtenOut(target.pointer, target.schema);
    if (!this.definitions.has(target.pointer)) {
      this.definitions.set(target.pointer, undefined);
      const nesting = this.#nesting;
      this.#nesting = 0;
      this.definitions.set(target.pointer, this.#readWithin(target.schema, new Set([...this.#here, target.pointer])));
      this.#nesting = nesting;
    }
    return { alternatives: [{ type: 'ref', pointer: target.pointer, notes: NO_NOTES }], notes: NO_NOTES };
  }
}

const NOWHERE: ReadonlySet<string> = new Set();
const NULL: Shape = { alternatives: [plain('null')], notes: NO_NOTES };

function partsOf(schema: JsonObject, keyword: string): readonly unknown[] {
  const parts = member(schema, keyword);
  return Array.isArray(parts) ? parts : [];
}

function isOfType(value: unknown, type: Alternative['type']): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}
