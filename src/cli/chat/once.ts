import type { ChatMessage } from '../../chat/chat.ts';
import { EXIT, type Terminal } from '../command.ts';
import { describeFailure } from '../describe-failure.ts';
import { phrase } from '../language.ts';
import { loadMarkdown } from '../markdown/live-markdown.ts';
import { AnswerView } from './answer-view.ts';
import { type AnswerEvent, ask, awaited } from './ask.ts';
import type { ChatSession } from './chat-session.ts';
import { hasSearched, NOT_SEARCHED, sourceLines } from './search-told.ts';

export interface OnceOptions {
  readonly terminal: Terminal;
  readonly session: ChatSession;
  readonly question: ChatMessage;
  readonly stream: boolean;
  readonly markdown: boolean;
}

/** One question, one answer. Into a pipe or a file goes the answer alone. Throws GatewayError. */
export async function chatOnce({ terminal, session, question, stream, markdown }: OnceOptions): Promise<number> {
  const { stdout, stderr, language } = terminal;
  const parts = markdown ? await loadMarkdown() : undefined;
  const view = new AnswerView({ out: stdout, reasoning: true, bare: !stdout.isTTY, markdown: parts, language });
  try {
    // Ctrl-C ends the program, and with it the connection and the call.
    const events = ask(session.endpoint, session.questionFor([question], stream), NEVER);
    for await (const event of awaited(terminal, events)) view.show(event);
  } finally {
    view.close();
  }
  const sources = view.end && stdout.isTTY ? sourceLines(view.end.message) : [];
  if (sources.length > 0) stdout.write(`${sources.join('\n')}\n`);
  const isUnsearched = session.choices.search === true && !hasSearched(view);
  for (const notice of [view.notice, isUnsearched ? NOT_SEARCHED : undefined]) {
    if (notice !== undefined) stderr.write(`moongate: ${phrase(notice, language)}\n`);
  }
  return EXIT.ok;
}

/** The same as one JSON object, also for what fails: docs/chat.md says what it holds. */
export async function chatOnceAsJson({ terminal, session, question, stream }: OnceOptions): Promise<number> {
  const print = (value: unknown) => terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  let text = '';
  let reasoning = '';
  const seen: { served?: AnswerEvent & { kind: 'served' }; end?: AnswerEvent & { kind: 'end' } } = {};
  try {
    for await (const event of ask(session.endpoint, session.questionFor([question], stream), NEVER)) {
      if (event.kind === 'text') text += event.text;
      else if (event.kind === 'reasoning') reasoning += event.text;
      else if (event.kind === 'served') seen.served = event;
      else if (event.kind === 'end') seen.end = event;
    }
  } catch (thrown) {
    const { why, hint, error } = describeFailure(thrown, 'en');
    print({ error: { code: error?.code ?? null, message: why, hint: hint ?? null }, text, reasoning });
    return EXIT.failed;
  }
  const { served, end } = seen;
  print({
    text,
    reasoning,
    model: end?.model ?? null,
    asked: served?.asked ?? session.choices.model,
    surface: served?.surface ?? null,
    finish_reason: end?.finishReason ?? null,
    complete: end?.finishReason !== 'length' && end?.finishReason !== 'content_filter',
    usage: end?.usage ?? null,
    repairs: served?.repairs ?? [],
    notes: served?.notes ?? null,
    annotations: end?.message['annotations'] ?? [],
    conversation: session.conversation ?? null,
  });
  return EXIT.ok;
}

const NEVER = new AbortController().signal;
