import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PG_ROOT = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs: Debian keeps those of a server out of the path. */
export function postgresFolder(): string | undefined {
  const versions = existsSync(PG_ROOT) ? readdirSync(PG_ROOT).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(PG_ROOT, version, 'bin')), ...searched()];
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

export function redisServer(): string | undefined {
  return program('redis-server') ?? program('valkey-server');
}

/** Where a program of this name lies. */
export function program(name: string): string | undefined {
  return searched()
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

const searched = () => (process.env['PATH'] ?? '').split(delimiter);
