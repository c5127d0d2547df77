import { FAULT_NAMES, faultError, isFaultName } from '../faults.ts';
import { RETRY_HEADERS, Refusal, typeOfStatus } from '../refusal.ts';
import { count, firstWord, jsonText, position, unescaped } from './arguments.ts';
import type { CallForm, Draft, UsagePlace } from './draft.ts';
import { scriptError } from './script-error.ts';

/** One word of the script language. `attempt` counts from 0 how often this turn of this script was played before. */
export interface Directive {
  readonly name: string;
  readonly usage: string;
  readonly effect: string;
  readonly apply: (draft: Draft, argument: string, attempt: number) => void;
}

const WORDS = [' one', ' two', ' six', ' ten', ' sun', ' sea', ' sky', ' air'];

/** Words of four letters with their space: one token each by the simulator's count. */
function tokens(amount: number): string {
  return Array.from({ length: amount }, (_, index) => WORDS[index % WORDS.length]).join('');
}

function addCall(draft: Draft, name: string, text: string): void {
  if (name === '') throw scriptError('tool needs a name');
  const { nextId } = draft;
  delete draft.nextId;
  draft.calls.push({ name, arguments: text, ...(nextId === undefined ? {} : { id: nextId }) });
}

function readStatus(argument: string): Refusal {
  const [code, rest] = firstWord(argument);
  const status = count(code, 'status');
  const [word, tail] = firstWord(rest);
  const isType = /^[a-z]+(_[a-z]+)+$/.test(word);
  const type = isType ? word : typeOfStatus(status);
  const message = isType ? tail : rest;
  return new Refusal({
    status,
    message: unescaped(message),
    ...(type === undefined ? {} : { type }),
    ...(status === 429 ? { headers: RETRY_HEADERS } : {}),
  });
}

function readFault(name: string): NonNullable<Draft['failure']> {
  if (!isFaultName(name)) throw scriptError(`unknown fault "${name}"; there are ${FAULT_NAMES.join(', ')}`);
  return faultError(name);
}

const PLACES: readonly UsagePlace[] = ['top', 'choice', 'both', 'none'];

function readPlace(word: string): UsagePlace {
  const place = PLACES.find((candidate) => candidate === word);
  if (place === undefined) throw scriptError(`usage-place is one of ${PLACES.join(', ')}`);
  return place;
}

const FORMS: readonly CallForm[] = ['native', 'repeated', 'without-index', 'nameless'];

function readForm(word: string): CallForm {
  const form = FORMS.find((candidate) => candidate === word);
  if (form === undefined) throw scriptError(`call-form is one of ${FORMS.join(', ')}`);
  return form;
}

function leak(argument: string): string {
  const [name, json] = firstWord(argument);
  const call = `<|tool_call_begin|>functions.${name}:0<|tool_call_argument_begin|>${jsonText(json, 'leak-tool')}<|tool_call_end|>`;
  return `<|tool_calls_section_begin|>${call}<|tool_calls_section_end|>`;
}

const SAYING: readonly Directive[] = [
  {
    name: 'think',
    usage: 'think TEXT',
    effect: 'adds to the reasoning',
    apply: (draft, text) => draft.segments.push({ kind: 'reasoning', text: unescaped(text) }),
  },
  {
    name: 'think-n',
    usage: 'think-n N',
    effect: 'adds N generated tokens to the reasoning',
    apply: (draft, n) => draft.segments.push({ kind: 'reasoning', text: tokens(count(n, 'think-n')) }),
  },
  {
    name: 'say',
    usage: 'say TEXT',
    effect: 'adds to the answer; nothing is put between two of them',
    apply: (draft, text) => draft.segments.push({ kind: 'content', text: unescaped(text) }),
  },
  {
    name: 'say-n',
    usage: 'say-n N',
    effect: 'adds N generated tokens to the answer',
    apply: (draft, n) => draft.segments.push({ kind: 'content', text: tokens(count(n, 'say-n')) }),
  },
  {
    name: 'giant',
    usage: 'giant N',
    effect: 'adds one piece of N bytes to the answer',
    apply: (draft, n) => draft.segments.push({ kind: 'content', text: 'x'.repeat(count(n, 'giant')), whole: true }),
  },
  {
    name: 'tool',
    usage: 'tool NAME {json}',
    effect: 'calls a tool; repeat it for parallel calls',
    apply: (draft, argument) => {
      const [name, json] = firstWord(argument);
      addCall(draft, name, jsonText(json, 'tool'));
    },
  },
  {
    name: 'tool-raw',
    usage: 'tool-raw NAME TEXT',
    effect: 'calls a tool with arguments that need not be JSON',
    apply: (draft, argument) => {
      const [name, text] = firstWord(argument);
      addCall(draft, name, unescaped(text));
    },
  },
  {
    name: 'tool-id',
    usage: 'tool-id ID',
    effect: 'gives the next call this id instead of the native one',
    apply: (draft, id) => {
      draft.nextId = id;
    },
  },
  {
    name: 'leak-tool',
    usage: 'leak-tool NAME {json}',
    effect: 'says a tool call as section tokens in the text, as hosts with a broken parser do',
    apply: (draft, argument) => draft.segments.push({ kind: 'content', text: leak(argument) }),
  },
];

/** Sets one member of the draft: the shape of every remaining directive. */
function setting(name: string, usage: string, effect: string, read: (argument: string) => Partial<Draft>): Directive {
  return {
    name,
    usage: usage === '' ? name : `${name} ${usage}`,
    effect,
    apply: (draft, argument) => {
      Object.assign(draft, read(argument));
    },
  };
}

const SETTINGS: readonly Directive[] = [
  setting('finish', 'REASON', 'ends with this finish_reason', (finish) => ({ finish })),
  setting('status', 'CODE [TYPE] MESSAGE', 'answers with an error', (text) => ({ failure: readStatus(text) })),
  setting('fault', 'NAME', 'answers with a ready-made failure', (name) => ({ failure: readFault(name) })),
  setting('delay', 'MS', 'waits before the first byte', (ms) => ({ delayMs: count(ms, 'delay') })),
  setting('pause', 'MS', 'waits between the pieces', (ms) => ({ pauseMs: count(ms, 'pause') })),
  setting('stall', '[AFTER]', 'falls silent after so many pieces and keeps the connection', (n) => ({
    stallAfter: position(n, 'stall'),
  })),
  setting('cut', '[AFTER]', 'destroys the socket after so many pieces', (n) => ({ cutAfter: position(n, 'cut') })),
  setting('end-early', '[AFTER]', 'ends the response without closing chunk and [DONE]', (n) => ({
    endAfter: position(n, 'end-early'),
  })),
  setting('error-chunk', 'TYPE MESSAGE', 'sends an error object inside the stream, then ends', (text) => {
    const [type, message] = firstWord(text);
    return { errorChunk: { type, message: unescaped(message) } };
  }),
  setting('no-done', '', 'leaves out [DONE]', () => ({ noDone: true })),
  setting('heartbeat', '', 'puts a comment and a chunk with no choices before every piece', () => ({
    heartbeat: true,
  })),
  setting('crlf', '', 'ends lines with CR LF', () => ({ crlf: true })),
  setting('split', 'N', 'writes N bytes at a time', (n) => ({ splitBytes: Math.max(1, count(n, 'split')) })),
  setting('bad-json', '', 'breaks one chunk (or the whole body)', () => ({ badJson: true })),
  setting('reasoning-key', 'KEY', 'sends the reasoning under another name', (reasoningKey) => ({ reasoningKey })),
  setting('usage-place', 'top|choice|both|none', 'moves the usage in the stream', (word) => ({
    usagePlace: readPlace(word),
  })),
  setting(
    'call-form',
    'native|repeated|without-index|nameless',
    'sends calls with id and name in each piece, without indices, or adds one without a name',
    (word) => ({ callForm: readForm(word) }),
  ),
  setting('bare-usage', '', 'tells cached tokens at the top of the usage only', () => ({ bareUsage: true })),
  setting('usage', 'PROMPT COMPLETION [CACHED]', 'reports these numbers', (text) => {
    const [prompt = '', completion = '', cached = '0'] = text.split(/\s+/);
    return {
      usage: {
        prompt: count(prompt, 'usage'),
        completion: count(completion, 'usage'),
        cached: count(cached, 'usage'),
      },
    };
  }),
];

const CONTROL: readonly Directive[] = [
  {
    name: 'once',
    usage: 'once DIRECTIVE',
    effect: 'applies a directive the first time this turn is played, and never again',
    apply: (draft, line, attempt) => {
      if (attempt < 1) applyLine(draft, line, attempt);
    },
  },
  {
    name: 'times',
    usage: 'times N DIRECTIVE',
    effect: 'applies a directive the first N times',
    apply: (draft, argument, attempt) => {
      const [n, line] = firstWord(argument);
      if (attempt < count(n, 'times')) applyLine(draft, line, attempt);
    },
  },
  {
    name: 'turn',
    usage: 'turn K',
    effect: 'begins the section for turn K (or `*`: every turn without a section)',
    apply: () => {
      throw scriptError('turn cannot be applied by another directive');
    },
  },
];

/** The whole language. */
export const DIRECTIVES: readonly Directive[] = [...SAYING, ...SETTINGS, ...CONTROL];

const BY_NAME = new Map(DIRECTIVES.map((directive) => [directive.name, directive]));

export function applyLine(draft: Draft, line: string, attempt: number): void {
  const [, name = '', argument = ''] = line.match(/^(\S+) ?(.*)$/s) ?? [];
  const directive = BY_NAME.get(name);
  if (directive === undefined) throw scriptError(`unknown directive "${name}"`);
  directive.apply(draft, name === 'say' || name === 'think' ? argument : argument.trim(), attempt);
}
