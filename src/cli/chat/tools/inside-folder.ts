import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** What may hold a secret is nobody's business, whoever agrees to a call in passing. */
const SECRET =
  /^(?:\.env(?:\..*)?|\.git|\.ssh|\.aws|\.gnupg|\.netrc|\.npmrc|\.moongate|id_[a-z0-9]+|.*\.(?:pem|key|p12|pfx|db|db-wal))$/i;

export function mayHoldSecrets(name: string): boolean {
  return SECRET.test(name);
}

/** The real path of a file below the folder. Throws, with a sentence for the model, for everything else. */
export async function insideFolder(folder: string, path: string): Promise<string> {
  const root = await realpath(folder);
  let real: string;
  try {
    real = await realpath(resolve(root, path));
  } catch {
    throw new Error(`There is no ${path}.`);
  }
  const below = relative(root, real);
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) {
    throw new Error(`${path} is outside of the folder of this chat and may not be read.`);
  }
  if (below.split(sep).some(mayHoldSecrets)) throw new Error(`${path} may hold secrets and may not be read.`);
  return real;
}
