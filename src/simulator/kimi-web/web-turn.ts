import { findScript } from '../script/find-script.ts';
import type { ScriptMemory } from '../script/play.ts';
import type { WebChat } from './web-chat.ts';
import { applyWebLine } from './web-directives.ts';
import { emptyWebDraft, type WebDraft } from './web-draft.ts';

/** What a turn asks for, in either protocol. */
export interface WebTurn {
  readonly prompt: string;
  readonly thinking: boolean;
  readonly search: boolean;
  readonly model: string;
}

interface Speaker {
  readonly role: string;
  readonly text: string;
  readonly partial: boolean;
}

const MARK = /^\[(System|User|Assistant|Tool)(?: [^\]\n]*)?\]$/;

/**
 * The messages inside one prompt. Clients flatten a conversation into one message, because only one counts; a model
 * understands the role marks, so the simulator does too.
 */
export function speakersOf(prompt: string): Speaker[] {
  const speakers: { role: string; lines: string[] }[] = [];
  for (const line of prompt.split('\n')) {
    const role = MARK.exec(line)?.[1]?.toLowerCase();
    if (role !== undefined) speakers.push({ role, lines: [] });
    else if (speakers.length > 0) speakers.at(-1)?.lines.push(line);
    else speakers.push({ role: 'user', lines: [line] });
  }
  return speakers.map(({ role, lines }) => ({ role, text: lines.join('\n').trim(), partial: false }));
}

/** The script of the conversation, or a short answer that is true to what was asked. */
export function draftTurn(turn: WebTurn, chat: WebChat | undefined, memory: ScriptMemory): WebDraft {
  const before = (chat?.messages ?? []).flatMap(({ role, text }) =>
    role === 'user' ? speakersOf(text) : [{ role, text, partial: false }],
  );
  const speakers = [...before, ...speakersOf(turn.prompt)];
  const script = findScript(speakers);
  const draft = emptyWebDraft();
  if (script?.lines === undefined) answerShortly(draft, turn, speakers);
  else {
    const attempt = memory.attempt(script);
    for (const line of script.lines) applyWebLine(draft, line, attempt);
  }
  if (!turn.thinking) draft.segments = draft.segments.filter(({ kind }) => kind !== 'think');
  if (!turn.search) draft.sources = [];
  return draft;
}

const QUOTE = 200;

function answerShortly(draft: WebDraft, turn: WebTurn, speakers: readonly Speaker[]): void {
  const question = speakers.findLast(({ role }) => role === 'user')?.text.replaceAll(/\s+/g, ' ') ?? '';
  const quoted = question.length > QUOTE ? `${question.slice(0, QUOTE).toWellFormed()}…` : question;
  const text = /\p{Script=Han}/u.test(question)
    ? `你问的是：“${quoted}”。我是模拟器里的网页版，读了 ${speakers.length} 条消息。`
    : `You asked: "${quoted}". I am the web chat in the simulator, and I read ${speakers.length} messages.`;
  draft.segments.push({ kind: 'think', text: `The question has ${question.length} characters.` });
  draft.segments.push({ kind: 'say', text: turn.search ? `${text}[^1^]` : text });
  draft.sources.push({ url: 'https://example.com/found', title: 'A page that the simulator found' });
}
