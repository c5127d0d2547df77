import { type JsonObject, shortJson } from './json-value.ts';
import { isUsableName, LIMITS } from './limits.ts';
import {
  type Alternative,
  ANYTHING,
  type Annotations,
  allowsAnything,
  isAnnotated,
  isPlain,
  NO_NOTES,
  type Shape,
} from './shape.ts';

export interface WriterOptions {
  /** The names under `$defs` by pointer; `#` stands for the root itself. */
  readonly names: ReadonlyMap<string, string>;
  readonly definitions: ReadonlyMap<string, Shape | undefined>;
}

/** Writes shapes as Kimi's dialect: whatever the shape, the result is within it. */
export class SchemaWriter {
  readonly #options: WriterOptions;
  #inDefinition = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  definition(shape: Shape): JsonObject {
    this.#inDefinition = true;
    const written = this.write(shape);
    this.#inDefinition = false;
    // A definition that is nothing but a reference would make chains, which may be circles.
    return '$ref' in written ? { anyOf: [written] } : written;
  }

  write(shape: Shape): JsonObject {
    const { alternatives } = shape;
    const [first] = alternatives;
    if (first === undefined) {
      return this.write({ ...ANYTHING, ...annotationsOf(shape), notes: [...shape.notes, 'Must not be given.'] });
    }
    if (alternatives.length === 1) return this.#writeOne(first, shape);
    const branches = distinctBranches(alternatives.map((alternative) => this.#writeOne(alternative, NOTHING_SAID)));
    const [only] = branches;
    if (branches.length > LIMITS.branches) {
      const told = { ...annotationsOf(shape), notes: [...shape.notes, `One of ${branches.length} forms.`] };
      return this.write({ ...ANYTHING, ...told });
    }
    if (branches.length === 1 && only !== undefined) return merged(only, annotationMembers(shape, false));
    if (alternatives.every(isPlain)) {
      return { type: branches.map(({ type }) => type), ...annotationMembers(shape, false) };
    }
    return union(branches, annotationMembers(shape, false));
  }

  #writeOne(alternative: Alternative, outer: Annotations): JsonObject {
    const both: Annotations = {
      title: outer.title ?? alternative.title,
      description: outer.description ?? alternative.description,
      fallback: outer.fallback ?? alternative.fallback,
      notes: [...new Set([...alternative.notes, ...outer.notes])],
    };
    if (alternative.pointer !== undefined) return this.#writeReference(alternative.pointer, both);
    const { keywords, notes } = this.#keywords(alternative);
    const annotations = annotationMembers({ ...both, notes: [...both.notes, ...notes] }, true);
    return { type: alternative.type, ...annotations, ...keywords };
  }

  /** `title` and `description` may stand beside a reference if the target has none. */
  #writeReference(pointer: string, outer: Annotations): JsonObject {
    const name = this.#options.names.get(pointer) ?? '';
    const reference = { $ref: name === '#' ? '#' : `#/$defs/${name}` };
    const annotations = annotationMembers(outer, false);
    if (Object.keys(annotations).length === 0) return reference;
    return isSilent(this.#options.definitions.get(pointer))
      ? { ...reference, ...annotations }
      : { ...annotations, anyOf: [reference] };
  }

  #keywords(alternative: Alternative): { keywords: JsonObject; notes: readonly string[] } {
    const { type, values, lower, upper, items } = alternative;
    if (type === 'object') return this.#objectKeywords(alternative);
    if (values !== undefined) return { keywords: { enum: values }, notes: NO_NOTES };
    const [low, high] = BOUNDS[type] ?? ['', ''];
    const keywords = {
      ...(items === undefined ? {} : { items: this.write(items) }),
      ...(low === '' || lower === undefined ? {} : { [low]: lower }),
      ...(high === '' || upper === undefined ? {} : { [high]: upper }),
    };
    return { keywords, notes: NO_NOTES };
  }

  /** A name that the dialect refuses cannot be declared: it is told in words, and members at large stay allowed. */
  #objectKeywords({ properties, required = [], additional }: Alternative): {
    keywords: JsonObject;
    notes: readonly string[];
  } {
    const usable: [string, JsonObject][] = [];
    const notes: string[] = [];
    for (const [name, shape] of properties ?? []) {
      const written = this.write(shape);
      if (isUsableName(name, this.#inDefinition)) usable.push([name, written]);
      else
        notes.push(
          `${required.includes(name) ? 'Needs' : 'May have'} a member named ${shortJson(name, 80)}: ${shortJson(written, 200)}.`,
        );
    }
    const names = new Set(usable.map(([name]) => name));
    for (const name of required) {
      if (names.has(name) || !isUsableName(name, this.#inDefinition)) continue;
      names.add(name);
      usable.push([name, this.write(additional || ANYTHING)]);
    }
    const isOpen = notes.length > 0 || additional === undefined || (additional !== false && allowsAnything(additional));
    const needed = required.filter((name) => names.has(name));
    return {
      keywords: {
        // Own members even for a name such as `__proto__`.
        ...(usable.length === 0 ? {} : { properties: Object.fromEntries(usable) }),
        ...(needed.length === 0 ? {} : { required: needed }),
        ...(isOpen ? {} : { additionalProperties: additional === false ? false : this.write(additional ?? ANYTHING) }),
      },
      notes,
    };
  }
}

/** Whether a definition will be written without title and description. */
function isSilent(definition: Shape | undefined): boolean {
  const [only, ...others] = definition?.alternatives ?? [];
  if (definition === undefined || only === undefined || others.length > 0) return false;
  const names = [...(only.properties?.keys() ?? [])];
  return !isAnnotated(definition) && !isAnnotated(only) && names.every((name) => isUsableName(name, true));
}

const NOTHING_SAID: Annotations = { notes: NO_NOTES };

const BOUNDS: Readonly<Record<string, readonly [string, string]>> = {
  string: ['minLength', 'maxLength'],
  array: ['minItems', 'maxItems'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
};

function annotationsOf({ title, description, fallback }: Annotations) {
  return { title, description, fallback };
}

/** `default` stands beside a type only, and must be a scalar; else it is told in words. A default of null says nothing. */
function annotationMembers({ title, description, fallback, notes }: Annotations, mayHaveDefault: boolean): JsonObject {
  const isScalar = typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean';
  const isTold = fallback !== undefined && fallback !== null && !(isScalar && mayHaveDefault);
  const sentences = isTold ? [...notes, `Default: ${shortJson(fallback, 100)}.`] : notes;
  const text = [description, sentences.join(' ')].filter((part) => part !== undefined && part !== '').join('\n');
  return {
    ...(title === undefined ? {} : { title }),
    ...(text === '' ? {} : { description: text }),
    ...(isScalar && mayHaveDefault ? { default: fallback } : {}),
  };
}

/** Neither title nor description may stand both beside a union and in one of its branches. */
function union(branches: readonly JsonObject[], annotations: JsonObject): JsonObject {
  const { title, description, ...rest } = annotations;
  const texts = branches.map((branch, index) =>
    typeof branch['description'] === 'string' ? `Option ${index + 1}: ${branch['description']}` : '',
  );
  const told = texts.filter((text) => text !== '');
  const lifts = typeof description === 'string' && told.length > 0;
  const anyOf = lifts ? branches.map(({ description: _, ...branch }) => branch) : branches;
  const keepsTitle = title !== undefined && !branches.some((branch) => 'title' in branch);
  return {
    ...(keepsTitle ? { title } : {}),
    ...(lifts ? { description: [description, ...told].join('\n') } : description === undefined ? {} : { description }),
    ...rest,
    anyOf,
  };
}

function merged(written: JsonObject, annotations: JsonObject): JsonObject {
  if (Object.keys(annotations).length === 0) return written;
  if ('$ref' in written) return { ...annotations, anyOf: [written] };
  if ('anyOf' in written) return { ...written, ...annotations };
  const text = [annotations['description'], written['description']]
    .filter((part) => typeof part === 'string')
    .join('\n');
  return { ...written, ...annotations, ...(text === '' ? {} : { description: text }) };
}

function distinctBranches(branches: readonly JsonObject[]): readonly JsonObject[] {
  const seen = new Set<string>();
  return branches.filter((branch) => {
    const text = JSON.stringify(branch);
    return seen.has(text) ? false : seen.add(text);
  });
}
