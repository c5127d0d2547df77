/** The tests run a PostgreSQL and a Redis of their own. Where these are missing and can be installed, this does it. */
import { execFileSync } from 'node:child_process';
import { postgresFolder, redisServer } from '../test/services/binaries.ts';

const missing = [
  ...(postgresFolder() === undefined ? ['postgresql'] : []),
  ...(redisServer() === undefined ? ['redis-server'] : []),
];

if (missing.length > 0) {
  if (process.getuid?.() !== 0) fail('They can be installed by root only.');
  const apt = (...args: string[]) =>
    execFileSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  try {
    apt('update');
    // The servers of the distribution are not to be started: the tests start their own.
    apt('install', '-y', '--no-install-recommends', ...missing);
  } catch (cause) {
    fail(cause instanceof Error ? cause.message : String(cause));
  }
}

function fail(why: string): never {
  console.error(`The tests need ${missing.join(' and ')}, which this machine does not have. ${why}`);
  process.exit(1);
}
