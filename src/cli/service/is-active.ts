import { execFile } from 'node:child_process';

/** A service manager that does not answer is not waited for longer. */
const LIMIT_MS = 5_000;

/** Whether the service manager says that it runs; false where there is no such manager. */
export function isActive([command = '', ...args]: readonly string[]): Promise<boolean> {
  return new Promise((done) => {
    execFile(command, args, { timeout: LIMIT_MS }, (cause) => done(cause === null));
  });
}
