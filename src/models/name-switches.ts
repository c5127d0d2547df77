/** What a name of a model asks for besides the model. */
export interface NameSwitches {
  readonly search?: boolean;
  readonly thinking?: boolean;
  /** Keeps what the search found out of the answer. */
  readonly silent?: boolean;
}

/** The suffixes of names. `-search` and `-nosearch` mean something on every surface, the others on the web chat. */
export const SUFFIXES: Readonly<Record<string, NameSwitches>> = {
  '-nosearch': { search: false },
  '-search': { search: true },
  '-thinking': { thinking: true },
  '-silent': { silent: true },
};

export interface SwitchedName {
  readonly base: string;
  readonly switches: NameSwitches;
}

/** The name without its last suffix, and what that says; undefined if it ends with none. */
export function withoutSuffix(name: string): SwitchedName | undefined {
  const suffix = Object.keys(SUFFIXES).find((candidate) => name.endsWith(candidate) && name.length > candidate.length);
  if (suffix === undefined) return undefined;
  return { base: name.slice(0, -suffix.length), switches: SUFFIXES[suffix] ?? {} };
}
