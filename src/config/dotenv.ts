import { parseEnv } from 'node:util';
import { readTextFile } from './text-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables, and for those that a .env file brought, which one. */
export interface Variables {
  readonly values: Environment;
  readonly origins: ReadonlyMap<string, string>;
}

/** Lays a .env file under what is there: a variable that is set already stays. `name` is what messages call the file. */
export function withDotenv({ values, origins }: Variables, path: string, name: string): Variables {
  const text = readTextFile(path);
  if (text === undefined) return { values, origins };
  const added = Object.entries(parseEnv(text)).filter(([name]) => values[name] === undefined);
  return {
    values: { ...values, ...Object.fromEntries(added) },
    origins: new Map([...origins, ...added.map(([variable]) => [variable, name] as const)]),
  };
}
