import { styleText } from 'node:util';
import type { DestinationStream } from 'pino';

type Style = Parameters<typeof styleText>[0];

const LEVELS: Readonly<Record<string, Style>> = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red' };
const SHOWN_FIRST = ['status', 'method', 'path', 'model', 'surface', 'ms'];

/** Turns the JSON lines of the log into lines for a person at a terminal. */
export class PrettyLines implements DestinationStream {
  readonly #out: DestinationStream;

  constructor(out: DestinationStream) {
    this.#out = out;
  }

  write(line: string): void {
    this.#out.write(prettyLine(line));
  }
}

/** One JSON line as `12:30:01 info  answered 200 POST /v1/chat/completions … key=value`. */
export function prettyLine(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const name = String(level);
  const first = SHOWN_FIRST.filter((field) => field in fields).map((field) => String(fields[field]));
  const rest = Object.entries(fields)
    .filter(([field]) => !SHOWN_FIRST.includes(field))
    .map(([field, value]) =>
      styleText('gray', `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`),
    );
  const label = styleText(LEVELS[name] ?? 'white', name.padEnd(5));
  return `${[styleText('gray', clock), label, String(msg ?? ''), ...first, ...rest].join(' ')}\n`;
}
