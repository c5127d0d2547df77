import { type Call, type Expression, pathOf, rootOf } from '../syntax/expression.ts';
import { type Binding, bindingsOf, candidates, type ImportedName, type Program } from '../syntax/program.ts';
import { BASE_URL_NAMES, type Library, libraryOf } from './libraries.ts';
import { type Options, optionsOf } from './options.ts';

/** A place where a client is made. */
export interface Client {
  readonly call: Call;
  readonly library: Library;
  readonly options: Options;
  readonly target: Target;
}

/** Where a client's requests go: `other` is a vendor that nobody wants to move to Kimi by this. */
export type Target = 'openai' | 'kimi' | 'local' | 'other' | 'unknown';

export function targetOf(url: string): Target {
  const host = URL.parse(url)?.hostname ?? '';
  if (/(?:^|\.)(?:openai\.com|deepseek\.com)$/.test(host)) return 'openai';
  if (/(?:^|\.)(?:moonshot\.(?:cn|ai)|kimi\.(?:com|ai))$/.test(host)) return 'kimi';
  if (/^(?:localhost|127\.|\[?::1|0\.0\.0\.0|host\.docker\.internal)/.test(host)) return 'local';
  return host === '' ? 'unknown' : 'other';
}

export function findClients(program: Program): readonly Client[] {
  return program.calls.flatMap((call) => {
    const library = libraryOfCallee(program, call.callee);
    if (library === undefined) return [];
    const options = optionsOf(program, call);
    return [{ call, library, options, target: clientTarget(program, options, library) }];
  });
}

function clientTarget(program: Program, options: Options, { id }: Library): Target {
  if (id === 'azure') return 'openai';
  // `OpenAI(provider=bedrock())` speaks to another's cloud.
  if (options.get('provider')) return 'other';
  const url = baseUrlOf(options);
  if (url === undefined) return options.isOpen ? 'unknown' : 'openai';
  const targets = candidates(program, url).map((value) => (value.kind === 'text' ? targetOf(value.value) : 'unknown'));
  return targets.find((target) => target !== 'unknown') ?? 'unknown';
}

/** LangChain for JavaScript keeps it one level deeper, in `configuration`. */
export function baseUrlOf(options: Options): Expression | undefined {
  const own = options.get(...BASE_URL_NAMES)?.value;
  if (own !== undefined) return own;
  const nested = options.get('configuration', 'client_options')?.literal;
  if (nested?.kind === 'name') return nested;
  return nested?.kind === 'record'
    ? nested.entries.find(({ name }) => /^base(?:URL|Url|Path|_url)$/.test(name))?.value
    : undefined;
}

/** `new OpenAI`, `openai.OpenAI`, `new openai.default`. The module alone is no constructor in Python. */
export function libraryOfCallee(program: Program, callee: Expression): Library | undefined {
  if (callee.kind === 'name') {
    const imported = importedName(program, callee.name, callee);
    if (imported === undefined || (imported.name === '*' && program.file.isPython)) return undefined;
    return libraryOf(imported);
  }
  if (callee.kind !== 'member' || callee.object.kind !== 'name' || callee.property === undefined) return undefined;
  const imported = importedName(program, callee.object.name, callee);
  if (imported?.name !== '*' && imported?.name !== 'default') return undefined;
  return libraryOf({ module: imported.module, name: callee.property });
}

export function importedName(program: Program, name: string, at: Expression): ImportedName | undefined {
  return bindingsOf(program, name, at).find(({ imported }) => imported !== undefined)?.imported;
}

export type Standing =
  | { readonly is: 'client'; readonly client: Client | undefined }
  | { readonly is: 'foreign' | 'unknown' };

/** Whether the object that a call is made on is a client of OpenAI's API, as far as this file can tell. */
export function standingOf(program: Program, clients: readonly Client[], object: Expression): Standing {
  const made = clients.find(({ call }) => call === object);
  if (made) return { is: 'client', client: made };
  if (object.kind === 'call') return standingOfCall(program, clients, object);
  const path = pathOf(object);
  if (path === undefined) return { is: 'unknown' };
  const bindings = bindingsOf(program, path, object);
  const standings = bindings.map((binding) => standingOfBinding(program, clients, binding));
  const own = standings.find(({ is }) => is === 'client') ?? standings.find(({ is }) => is === 'foreign');
  if (own !== undefined) return own;
  // `groq.chat`: what hangs on a foreign object is foreign too.
  const root = rootOf(object);
  return root !== object && root.kind === 'name' && root.name !== 'this' && root.name !== 'self'
    ? standingOf(program, clients, root)
    : { is: 'unknown' };
}

function standingOfCall(program: Program, clients: readonly Client[], call: Call): Standing {
  // `wrapOpenAI(new OpenAI())`, `instructor.from_openai(client)`, `client.with_options(timeout=5)`
  for (const argument of call.positional) {
    const standing = standingOf(program, clients, argument);
    if (standing.is === 'client') return standing;
  }
  if (call.callee.kind === 'member') {
    const standing = standingOf(program, clients, call.callee.object);
    if (standing.is === 'client') return standing;
  }
  const root = rootOf(call.callee);
  const imported = root.kind === 'name' ? importedName(program, root.name, root) : undefined;
  return { is: imported !== undefined && isPackage(imported.module) ? 'foreign' : 'unknown' };
}

const isPackage = (module: string): boolean => !/^[.@~#/]/.test(module) || /^@[a-z0-9-]+\//.test(module);

function standingOfBinding(program: Program, clients: readonly Client[], { value, type, imported }: Binding): Standing {
  if (imported !== undefined) {
    if (libraryOf(imported)?.id === 'openai') return { is: 'client', client: undefined };
    return { is: isPackage(imported.module) && !program.file.isPython ? 'foreign' : 'unknown' };
  }
  if (type !== undefined) {
    const names = type.match(/[A-Za-z_$][\w$]*/g) ?? [];
    const isOurs = names.some((name) => {
      const from = program.root.bindings.get(name)?.find((binding) => binding.imported)?.imported;
      return from !== undefined && libraryOf(from) !== undefined;
    });
    if (isOurs && value === undefined) return { is: 'client', client: undefined };
  }
  if (value === undefined) return { is: 'unknown' };
  const options = value.kind === 'either' ? value.options : [value];
  const standings = options.map((option) => standingOf(program, clients, option));
  return standings.find(({ is }) => is === 'client') ?? standings[0] ?? { is: 'unknown' };
}
