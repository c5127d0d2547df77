#!/usr/bin/env node
import { VERSION } from '../version.ts';

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Asked for by scripts and installers; nothing has to be loaded for it.
  process.stdout.write(`${VERSION}\n`);
} else {
  // Whoever reads us may stop reading: `moongate models | head -3`.
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') process.exit(0);
    throw cause;
  });
  const { runProgram } = await import('./program.ts');
  const { chooseLanguage } = await import('./language.ts');
  process.exitCode = await runProgram(argv, {
    // Opened only where it is read: an open standard input keeps the process alive.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    // The same as that of `Intl`, which takes many times as long to say it.
    language: chooseLanguage(argv, navigator.language),
  });
}
