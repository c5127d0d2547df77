import { type ErrorCode, GatewayError } from '../errors.ts';
import { type Bilingual, type Language, type Phrase, phrase } from './language.ts';

/** A command of the command line, as data: what it takes, what it does. Its name stands in commands/index.ts. */
export interface Command {
  /** Positional arguments in commander's notation: `<file>`, `[model]`. */
  readonly args?: string;
  /** What an argument can be where there is a list of it, for the completion of shells. */
  readonly words?: readonly ArgumentWord[];
  /** What a reader should know besides the options, in whole sentences. */
  readonly details?: Phrase;
  readonly options: readonly CommandOption[];
  readonly examples?: readonly Example[];
  /** Resolves with the exit code. `values` holds the options by their camel-case names. */
  run(terminal: Terminal, values: Readonly<Record<string, unknown>>, args: readonly string[]): Promise<number>;
}

/** A command in the table of contents, so that the help does not have to load it. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: Phrase;
  load(): Promise<Command>;
  /** Commands behind this one's name: `models`, and `models set`. */
  readonly subcommands?: readonly CommandEntry[];
}

/** Commands under one word: `config check`, `config show`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: Phrase;
  readonly commands: readonly CommandEntry[];
}

export interface ArgumentWord {
  readonly name: string;
  readonly summary: Phrase;
}

export interface CommandOption {
  /** Commander's notation: `--listen <host:port>`, `--demo`. */
  readonly flags: string;
  readonly summary: Phrase;
  /** It may be given several times; its value is a list. */
  readonly repeated?: boolean;
}

export interface Example {
  readonly line: string;
  readonly what: Phrase;
}

/** What a command may touch of the world. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** In which language people are spoken to. */
  readonly language: Language;
}

/** Exit codes, the same for every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** The command line itself was wrong: exit code 2, and no stack. */
export class UsageError extends Error {
  readonly words: Bilingual;

  constructor(words: Bilingual) {
    super(words.en);
    this.words = words;
  }
}

/** An option that takes one of a few words got another. */
export function notOneOf(flag: string, words: readonly string[], text: string): Bilingual {
  return {
    en: `${flag} takes ${words.join(', ')}, not "${text}".`,
    zh: `${flag} 的取值是 ${words.join('、')}，而不是“${text}”。`,
  };
}

export function excluding(one: string, other: string): Bilingual {
  return { en: `${one} and ${other} exclude each other.`, zh: `${one} 和 ${other} 不能同时使用。` };
}

interface FailureDetails {
  readonly code?: ErrorCode;
  readonly hint?: Phrase | undefined;
  readonly cause?: unknown;
}

/** What was asked for cannot be done: exit code 1, and no stack. In words of the reader's language. */
export class Failure extends GatewayError {
  readonly words: Bilingual;
  readonly advice: Phrase | undefined;

  constructor(words: Bilingual, { code = 'invalid_request', hint, cause }: FailureDetails = {}) {
    super(code, {
      message: words.en,
      ...(hint === undefined ? {} : { hint: phrase(hint, 'en') }),
      ...(cause === undefined ? {} : { cause }),
    });
    this.words = words;
    this.advice = hint;
  }
}

/** Options that every command which reads the configuration takes. */
export const CONFIG_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--config <file>',
    summary: {
      en: 'configuration file (default: moongate.yaml, if there is one)',
      zh: '配置文件（默认：moongate.yaml，如果存在）',
    },
  },
  {
    flags: '--data <dir>',
    summary: { en: 'folder of the data (default: ./.moongate)', zh: '数据目录（默认：./.moongate）' },
  },
];

/** For scripts; docs/machine-output.md tells what is printed. */
export const JSON_OPTION: CommandOption = { flags: '--json', summary: { en: 'print JSON', zh: '输出 JSON' } };

/** Of the commands that ask a gateway for what only its owner may know or do. */
export const ADMIN_KEY_OPTION: CommandOption = {
  flags: '--admin-key <key>',
  summary: {
    en: 'the admin key, where the gateway needs one (default: `admin_key` of the configuration)',
    zh: '管理密钥（网关需要时；默认取配置中的 `admin_key`）',
  },
};

/** Options of the commands that talk to a gateway, be it a running one or one of their own. */
export const ENDPOINT_OPTIONS: readonly CommandOption[] = [
  {
    flags: '--url <address>',
    summary: {
      en: 'the gateway to talk to (default: the configured address if one answers there, else none: in process)',
      zh: '要连接的网关（默认：配置的地址上有网关就用它，否则在本进程内运行）',
    },
  },
  {
    flags: '--key <key>',
    summary: {
      en: 'the inbound key (default: the first of `keys`, for the configured address only)',
      zh: '入站密钥（默认：`keys` 中的第一个，仅用于配置的地址）',
    },
  },
  {
    flags: '--demo',
    summary: {
      en: 'in process against the built-in simulator; no account needed',
      zh: '在本进程内使用内置模拟器，无需账号',
    },
  },
  ...CONFIG_OPTIONS,
];

/** The text of an option that was given, undefined otherwise. */
export function textOption(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of an option that may be given several times. */
export function textsOption(values: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** A whole number from `least` to `most`. Throws UsageError. */
export function numberOption(text: string, flag: string, { least, most }: { least: number; most: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError({
    en: `${flag} takes a whole number from ${least} to ${most}, not "${text}".`,
    zh: `${flag} 需要 ${least} 到 ${most} 之间的整数，而不是“${text}”。`,
  });
}
