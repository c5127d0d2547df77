import { count, firstWord, position, unescaped } from '../script/arguments.ts';
import { scriptError } from '../script/script-error.ts';
import type { WebDraft } from './web-draft.ts';
import { isWebFaultName, WEB_FAULT_NAMES, type WebFaultName } from './web-fault.ts';

/** One word of the web chat's script language. `attempt` counts from 0 how often this turn of this script was played before. */
export interface WebDirective {
  readonly name: string;
  readonly usage: string;
  readonly effect: string;
  readonly apply: (draft: WebDraft, argument: string, attempt: number) => void;
}

const WORDS = [' one', ' two', ' six', ' ten'];

const words = (amount: number): string =>
  Array.from({ length: amount }, (_, index) => WORDS[index % WORDS.length]).join('');

function faultName(name: string): WebFaultName {
  if (!isWebFaultName(name)) throw scriptError(`unknown fault "${name}"; the web has ${WEB_FAULT_NAMES.join(', ')}`);
  return name;
}

function faultAfter(text: string): NonNullable<WebDraft['failAfter']> {
  const [name, after] = firstWord(text);
  return { name: faultName(name), after: position(after, 'fail-after') };
}

function adding(
  name: string,
  usage: string,
  effect: string,
  add: (draft: WebDraft, argument: string) => void,
): WebDirective {
  return { name, usage: `${name} ${usage}`, effect, apply: add };
}

function setting(
  name: string,
  usage: string,
  effect: string,
  read: (argument: string) => Partial<WebDraft>,
): WebDirective {
  const apply = (draft: WebDraft, argument: string): void => void Object.assign(draft, read(argument));
  return { name, usage: usage === '' ? name : `${name} ${usage}`, effect, apply };
}

const SAYING: readonly WebDirective[] = [
  adding('think', 'TEXT', 'adds to the thinking', ({ segments }, text) => {
    segments.push({ kind: 'think', text: unescaped(text) });
  }),
  adding('think-n', 'N', 'adds N words to the thinking', ({ segments }, n) => {
    segments.push({ kind: 'think', text: words(count(n, 'think-n')) });
  }),
  adding('say', 'TEXT', 'adds to the answer', ({ segments }, text) => {
    segments.push({ kind: 'say', text: unescaped(text) });
  }),
  adding('say-n', 'N', 'adds N words to the answer', ({ segments }, n) => {
    segments.push({ kind: 'say', text: words(count(n, 'say-n')) });
  }),
  adding('giant', 'N', 'adds one piece of N bytes to the answer', ({ segments }, n) => {
    segments.push({ kind: 'say', text: 'x'.repeat(count(n, 'giant')), whole: true });
  }),
  adding('source', 'URL TITLE', 'adds a page that the search finds, if the request lets it search', (draft, text) => {
    const [url, title] = firstWord(text);
    draft.sources.push({ url, title: unescaped(title) });
  }),
  adding('cite', 'N', 'adds the citation mark `[^N^]` to the answer', ({ segments }, n) => {
    segments.push({ kind: 'say', text: `[^${count(n, 'cite')}^]` });
  }),
  adding('cite-private', 'N', 'adds a citation mark of private-use characters', ({ segments }, n) => {
    segments.push({ kind: 'say', text: `\u{e3a0}cite\u{1f6e0}${count(n, 'cite-private')}\u{e3a8}` });
  }),
];

const FAILING: readonly WebDirective[] = [
  setting('fault', 'NAME', 'answers with a ready-made failure', (name) => ({
    failure: { kind: 'fault', name: faultName(name), inStream: false },
  })),
  setting('fault-200', 'NAME', 'the same with HTTP status 200: as JSON, or as an end-of-stream frame', (name) => ({
    failure: { kind: 'fault', name: faultName(name), inStream: true },
  })),
  setting('limit', '[SECONDS]', 'answers 429, with Retry-After if seconds are given', (text) => ({
    failure: { kind: 'limit', retryAfter: text === '' ? undefined : count(text, 'limit') },
  })),
  setting('redirect', 'URL', 'answers 307', (location) => ({ failure: { kind: 'redirect', location } })),
  setting('status', 'CODE TEXT', 'answers with this status and a page of HTML', (argument) => {
    const [code, text] = firstWord(argument);
    return { failure: { kind: 'status', status: count(code, 'status'), text } };
  }),
  setting('empty', '', 'answers 200 and no event at all', () => ({ empty: true })),
  setting('fail-after', 'NAME [AFTER]', 'sends the failure inside the stream after so many pieces', (text) => ({
    failAfter: faultAfter(text),
  })),
  setting('retract', '[AFTER]', 'withdraws the text after so many pieces, as the content filter does', (n) => ({
    retractAfter: position(n, 'retract'),
  })),
  setting('stall', '[AFTER]', 'falls silent after so many pieces and keeps the connection', (n) => ({
    stallAfter: position(n, 'stall'),
  })),
  setting('cut', '[AFTER]', 'destroys the socket after so many pieces', (n) => ({ cutAfter: position(n, 'cut') })),
  setting('end-early', '[AFTER]', 'ends the body after so many pieces without any end mark', (n) => ({
    endAfter: position(n, 'end-early'),
  })),
];

const SHAPING: readonly WebDirective[] = [
  setting('delay', 'MS', 'waits before the first byte', (ms) => ({ delayMs: count(ms, 'delay') })),
  setting('pause', 'MS', 'waits between the pieces', (ms) => ({ pauseMs: count(ms, 'pause') })),
  setting('piece', 'N', 'puts N characters into one event or frame', (n) => ({
    pieceLength: Math.max(1, count(n, 'piece')),
  })),
  setting('done', '[AFTER]', 'sends `done` in the middle (Connect: one that is not empty)', (n) => ({
    doneAfter: position(n, 'done'),
  })),
  setting('no-done', '', 'leaves out `[DONE]`', () => ({ noDone: true })),
  setting('no-all-done', '', 'leaves out `all_done` (Connect: the `done` frame)', () => ({ noAllDone: true })),
  setting('no-end', '', 'Connect: leaves out the end-of-stream frame', () => ({ noEnd: true })),
  setting('length', '', 'sends `length`, the output limit (classic only: Connect has no known form)', () => ({
    length: true,
  })),
  setting('heartbeat', '[MS]', 'sends a heartbeat before every piece, and every MS milliseconds of a pause', (ms) => ({
    heartbeat: true,
    heartbeatMs: ms === '' ? 0 : count(ms, 'heartbeat'),
  })),
  setting('zero-frames', '', 'Connect: sends a frame of length zero before every frame', () => ({ zeroFrames: true })),
  setting('compress', '', 'Connect: compresses every frame and sets flag 0x01', () => ({ compressedFrames: true })),
  setting('flags', 'N', 'Connect: sends one frame with these flags', (n) => ({ oddFlags: count(n, 'flags') })),
  setting('huge', '', 'Connect: announces a frame of 2 GiB', () => ({ hugeFrame: true })),
  setting('set-again', '', 'Connect: sets the text block once more to what it holds', () => ({ setAgain: true })),
  setting('foreign', 'TEXT', 'Connect: sends TEXT under another answer’s id', (foreign) => ({ foreign })),
  setting('server-tool', 'NAME', 'Connect: the server uses a tool of its own', (serverTool) => ({ serverTool })),
  setting('new-form', '', 'Connect: `OPERATOR_SET`, `mask.paths` and `event.case`', () => ({ newForm: true })),
  setting('crlf', '', 'classic: ends lines with CR LF', () => ({ crlf: true })),
  setting('split', 'N', 'writes N bytes at a time', (n) => ({ splitBytes: Math.max(1, count(n, 'split')) })),
  setting('gzip', '', 'compresses the body', () => ({ gzip: true })),
];

const CONTROL: readonly WebDirective[] = [
  {
    name: 'once',
    usage: 'once DIRECTIVE',
    effect: 'applies a directive the first time this turn is played, and never again',
    apply: (draft, line, attempt) => {
      if (attempt < 1) applyWebLine(draft, line, attempt);
    },
  },
  {
    name: 'times',
    usage: 'times N DIRECTIVE',
    effect: 'applies a directive the first N times',
    apply: (draft, argument, attempt) => {
      const [n, line] = firstWord(argument);
      if (attempt < count(n, 'times')) applyWebLine(draft, line, attempt);
    },
  },
];

/** The language of the web chat's scripts; `turn` is understood before a line is applied. */
export const WEB_DIRECTIVES: readonly WebDirective[] = [...SAYING, ...FAILING, ...SHAPING, ...CONTROL];

const BY_NAME = new Map(WEB_DIRECTIVES.map((directive) => [directive.name, directive]));

export function applyWebLine(draft: WebDraft, line: string, attempt: number): void {
  const [, name = '', argument = ''] = line.match(/^(\S+) ?(.*)$/s) ?? [];
  const directive = BY_NAME.get(name);
  if (directive === undefined) throw scriptError(`unknown directive "${name}" of the web chat`);
  directive.apply(draft, name === 'say' || name === 'think' ? argument : argument.trim(), attempt);
}
