/** A command of the command line, as data: what it is called, what it takes, what it does. */
export interface Command {
  readonly name: string;
  /** Positional arguments in commander's notation: `<file>`, `[model]`. */
  readonly args?: string;
  readonly summary: string;
  readonly options: readonly CommandOption[];
  /** Resolves with the exit code. `values` holds the options by their camel-case names. */
  run(terminal: Terminal, values: Readonly<Record<string, unknown>>, args: readonly string[]): Promise<number>;
}

export interface CommandOption {
  /** Commander's notation: `--listen <host:port>`, `--demo`. */
  readonly flags: string;
  readonly summary: string;
}

/** What a command may touch of the world. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** Exit codes, the same for every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Options that every command which reads the configuration takes. */
export const CONFIG_OPTIONS: readonly CommandOption[] = [
  { flags: '--config <file>', summary: 'configuration file (default: moongate.yaml, if there is one)' },
  { flags: '--data <dir>', summary: 'folder of the data (default: ./.moongate)' },
];
