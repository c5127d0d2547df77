/**
 * The tests run a PostgreSQL and a Redis of their own, and ask the shells that they write completions for. Where these are
 * missing and can be installed, this does it; only the servers are needed.
 */
import { execFileSync } from 'node:child_process';
import { postgresFolder, program, redisServer } from '../test/services/binaries.ts';

const servers = [
  ...(postgresFolder() === undefined ? ['postgresql'] : []),
  ...(redisServer() === undefined ? ['redis-server'] : []),
];
const shells = ['zsh', 'fish'].filter((shell) => program(shell) === undefined);

if (servers.length + shells.length > 0) {
  const why = process.getuid?.() === 0 ? install([...servers, ...shells]) : 'They can be installed by root only.';
  if (why !== undefined && servers.length > 0) {
    console.error(`The tests need ${servers.join(' and ')}, which this machine does not have. ${why}`);
    process.exit(1);
  }
}

/** Why that was not possible; undefined if it was. */
function install(packages: readonly string[]): string | undefined {
  const apt = (...args: string[]) =>
    execFileSync('apt-get', args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  try {
    apt('update');
    // The servers of the distribution are not to be started: the tests start their own.
    apt('install', '-y', '--no-install-recommends', ...packages);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}
