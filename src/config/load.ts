import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Environment, type Variables, withDotenv } from './dotenv.ts';
import { applyEnvironment, applyFlags } from './environment.ts';
import { toProblems } from './issues.ts';
import { formatListen, isLoopback } from './listen.ts';
import { configInvalid, type Problem } from './problem.ts';
import { type Config, configSchema } from './schema.ts';
import { SettingsTree } from './settings-tree.ts';
import { convertSmallFile, isSmallFile } from './small-file.ts';
import { substituteVariables } from './substitute.ts';
import { readTextFile } from './text-file.ts';
import { parseYamlFile } from './yaml-file.ts';

export interface LoadOptions {
  /** The file named on the command line; it must exist. */
  readonly file?: string | undefined;
  /** Settings from the command line, by path: `{ listen: '8000', 'log.level': 'debug' }`. Undefined ones are skipped. */
  readonly flags?: Readonly<Record<string, unknown>> | undefined;
  /** Default: the environment of the process. */
  readonly env?: Environment | undefined;
  /** Default: the working directory of the process. */
  readonly cwd?: string | undefined;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Path of each setting that was made → where: `moongate.yaml:3:1`, `MOONGATE_LISTEN`, `--listen`. */
  readonly sources: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
  /** The configuration file that was read, absolute. */
  readonly file: string | undefined;
  /** Every file whose change can change the result, whether it exists or not; absolute. */
  readonly watched: readonly string[];
}

const DEFAULT_FILES = ['moongate.yaml', 'moongate.yml'];

/** A variable of the process that is not moongate's own, such as one that moves another program's files. */
export function environmentVariable(name: string): string | undefined {
  return process.env[name] || undefined;
}

/**
 * Reads the configuration: defaults < file < environment < flags. Throws one `config_invalid` that lists everything
 * that is wrong.
 */
export function loadConfig(options: LoadOptions = {}): LoadedConfig {
  const cwd = resolve(options.cwd ?? '.');
  const here = join(cwd, '.env');
  const display = (path: string) => (relative(cwd, path).startsWith('..') ? path : relative(cwd, path));
  // This file alone reads the environment of the process.
  const real: Variables = { values: options.env ?? process.env, origins: new Map() };
  const first = withDotenv(real, here, display(here));
  const named = options.file ?? (first.values['MOONGATE_CONFIG'] || undefined);
  const candidates = named === undefined ? DEFAULT_FILES.map((name) => join(cwd, name)) : [resolve(cwd, named)];
  const file = candidates.find((path) => existsSync(path));
  if (named !== undefined && file === undefined) throw configInvalid([missingFile(options, named)]);
  const beside = file === undefined ? here : join(dirname(file), '.env');
  // What lies beside the configuration belongs to it, and wins over what happens to lie in the working directory.
  const variables =
    beside === here ? first : withDotenv(withDotenv(real, beside, display(beside)), here, display(here));

  const { tree, problems, warnings } = readFile(file, file === undefined ? '' : display(file), variables);
  const applied = applyEnvironment(tree, variables);
  applyFlags(tree, options.flags ?? {});
  const found = [...problems, ...applied.problems];
  const parsed = configSchema.safeParse(tree.root);
  if (!parsed.success) found.push(...toProblems(tree, parsed.error.issues));
  if (found.length > 0 || !parsed.success) throw configInvalid(found);
  return {
    config: parsed.data,
    sources: tree.sources(),
    warnings: [...warnings, ...applied.warnings],
    file,
    watched: [...new Set([...candidates, here, beside])],
  };
}

function missingFile(options: LoadOptions, named: string): Problem {
  const where = options.file === undefined ? 'MOONGATE_CONFIG' : '--config';
  return { where, path: [], message: `there is no file ${named}; name one that exists, or leave this out` };
}

function readFile(file: string | undefined, name: string, variables: Variables) {
  const text = file === undefined ? undefined : readTextFile(file);
  if (text === undefined) return { tree: new SettingsTree(), problems: [], warnings: [] };
  const { root, locate, warnings } = parseYamlFile(text, name);
  const written = new SettingsTree(root, locate);
  const substituted = substituteVariables(written, variables.values);
  const converted = isSmallFile(root) ? convertSmallFile(written) : { tree: written, problems: [] };
  return {
    tree: converted.tree,
    problems: [...substituted.problems, ...converted.problems],
    warnings: [...warnings, ...substituted.warnings],
  };
}

/**
 * Refuses to listen where others can reach it and nobody needs a key. `issued`: whether keys were issued at run time;
 * undefined where the database could not tell.
 */
export function checkListen(
  { config, sources }: Pick<LoadedConfig, 'config' | 'sources'>,
  issued: boolean | undefined,
): void {
  if (!needsIssuedKeys(config) || issued === true) return;
  const what = `${formatListen(config.listen)} can be reached by others`;
  const why =
    issued === undefined
      ? 'and whether keys were issued cannot be found out, because the database cannot be reached'
      : 'and without keys anybody there could spend yours';
  const advice =
    'Issue one (`moongate keys create NAME`), add `keys: [ { name: me, key: … } ]` (or set MOONGATE_KEYS), or listen on 127.0.0.1';
  const where = sources.get('listen') ?? '';
  throw configInvalid([{ where, path: ['listen'], message: `${what}, ${why}. ${advice}` }]);
}

/** Others can reach the address, and the configuration has no keys. */
export function needsIssuedKeys({ listen, keys }: Config): boolean {
  return keys.length === 0 && !isLoopback(listen.host);
}
