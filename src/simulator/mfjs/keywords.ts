/**
 * Moonshot Flavored JSON Schema as tables. Source: the vendor's published validator, MoonshotAI/walle (docs and rules,
 * level "default"), and the sentences that users reported.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export const TYPES = words('string number integer boolean null array object');

/** `pattern` is planned and the published validator lets it pass; the vendor's table of keywords says refused, and so does this. */
export const SUPPORTED = words(
  'type properties additionalProperties items enum required anyOf description $defs $ref title $id default maxLength minLength maximum minimum maxItems minItems',
);

/** May stand anywhere, also next to `$ref` and `anyOf`. */
export const COMMON = words('description title');

export const ROOT_ONLY = words('$defs $id');

export const ALLOWED_BY_TYPE: Readonly<Record<string, ReadonlySet<string>>> = {
  object: words('type properties required additionalProperties $ref anyOf default description title'),
  array: words('type items minItems maxItems $ref default description title'),
  string: words('type minLength maxLength enum default description title'),
  number: words('type minimum maximum enum default description title'),
  integer: words('type minimum maximum enum default description title'),
  boolean: words('type enum default description title'),
  null: words('type enum default description title'),
};

export const RESERVED_PROPERTIES = words('$defs $ref anyOf required additionalProperties');

export const MAX = { properties: 3000, depth: 30, bytes: 120_000, enum: 1000, anyOf: 500 } as const;
