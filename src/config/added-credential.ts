import { GatewayError } from '../errors.ts';
import { checkPlace } from './credential-place.ts';
import type { Credential, Surface } from './resolve.ts';
import { credentialSchema } from './surface-schema.ts';

/**
 * A credential that is added at run time, checked as the configuration checks its own. Throws invalid_request with
 * everything that is wrong; nothing of the secret is in it.
 */
export function readAddedCredential(surface: Surface, value: unknown, taken: ReadonlySet<string>): Credential {
  const parsed = credentialSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) =>
      [path.join('.'), message].filter(Boolean).join(' '),
    );
    throw invalid(problems);
  }
  const [first, ...others] = parsed.data;
  if (first === undefined || others.length > 0) throw invalid(['add one credential at a time']);
  const { name, headers, ...rest } = first;
  const problems: string[] = [];
  checkPlace(rest, surface, (message) => problems.push(`the credential ${message}`));
  if (name !== undefined && taken.has(name)) problems.push(`the name "${name}" is taken`);
  if (name !== undefined && !/^[\w.@-]{1,64}$/.test(name)) problems.push('a name is 1 to 64 letters, digits or .@_-');
  if (problems.length > 0) throw invalid(problems);
  return { ...rest, name: name ?? freeName(surface.id, taken), headers: headers ?? {} };
}

function freeName(surface: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) if (!taken.has(`${surface}-${number}`)) return `${surface}-${number}`;
}

function invalid(problems: readonly string[]): GatewayError {
  return new GatewayError('invalid_request', { message: `The credential cannot be added: ${problems.join('; ')}.` });
}
