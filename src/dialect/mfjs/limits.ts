/** The published validator's own limits (MoonshotAI/walle, conf.go, 2026-06-29). */
export const LIMITS = { properties: 3000, depth: 30, bytes: 120_000, values: 1000, branches: 500 } as const;

/** Refused as names of properties (MoonshotAI/walle, model.go). */
const REFUSED_NAMES: ReadonlySet<string> = new Set(['', '$defs', '$ref', 'anyOf', 'required', 'additionalProperties']);

/**
 * Whether a property may have this name. Below `$defs` no key may hold a slash, and a name with both braces is read as
 * the place of a branch by the published validator (utils.go, ResolveSubschema).
 */
export function isUsableName(name: string, inDefinition: boolean): boolean {
  if (REFUSED_NAMES.has(name) || (name.includes('{') && name.includes('}'))) return false;
  return !(inDefinition && name.includes('/'));
}
