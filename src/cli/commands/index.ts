import type { Command } from '../command.ts';

/** The commands in the order of the help. Each is loaded when it is called, so that `serve` starts fast. */
export const COMMANDS: readonly { readonly name: string; load(): Promise<Command> }[] = [
  { name: 'serve', load: async () => (await import('./serve.ts')).serve },
];
