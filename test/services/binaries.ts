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
  const names = searched().flatMap((folder) => [join(folder, 'redis-server'), join(folder, 'valkey-server')]);
  return names.find((name) => existsSync(name));
}

const searched = () => (process.env['PATH'] ?? '').split(delimiter);
