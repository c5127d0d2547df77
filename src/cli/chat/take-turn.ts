import type { ChatMessage } from '../../chat/chat.ts';
import { systemClock } from '../../clock.ts';
import type { Terminal } from '../command.ts';
import type { Phrase } from '../language.ts';
import type { MarkdownParts } from '../markdown/live-markdown.ts';
import { AnswerView } from './answer-view.ts';
import { ask, awaited, type Question } from './ask.ts';
import type { ChatSession, ChatVoice } from './chat-session.ts';
import { hasSearched, NOT_SEARCHED, sourceLines } from './search-told.ts';
import { runCalls } from './tools/run-calls.ts';

/** A model that calls tools without an end is stopped. */
const ROUNDS = 12;

export interface TurnOptions {
  readonly session: ChatSession;
  readonly voice: ChatVoice;
  readonly terminal: Terminal;
  readonly stream: boolean;
  readonly reasoning: boolean;
  readonly markdown: MarkdownParts | undefined;
  readonly signal: AbortSignal;
  /** Of a question whose answer is asked for anew. */
  readonly firstQuestion?: Question | undefined;
}

/** A question with its answer, and with the calls of local tools between them. Throws GatewayError. */
export async function takeTurn(question: ChatMessage, options: TurnOptions): Promise<void> {
  const { session, voice, signal } = options;
  const { dialogue } = session;
  const replies: ChatMessage[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const answer = await answerTo([question, ...replies], round, options);
      const calls = answer.tool_calls ?? [];
      replies.push(calls.length === 0 ? { role: 'assistant', content: answer.content } : answer);
      if (calls.length === 0 || signal.aborted) break;
      const agree = (words: Phrase) => voice.agree(words);
      replies.push(...(await runCalls(calls, { agree, folder: process.cwd(), signal })));
      if (signal.aborted) break;
    }
    if (replies.at(-1)?.role === 'tool' && !signal.aborted) voice.warn(ENDLESS);
    if (signal.aborted) voice.warn(STOPPED);
    dialogue.answered(question, replies);
  } catch (thrown) {
    dialogue.failed(question);
    throw thrown;
  }
}

/** One answer, shown as it arrives; a part of it if it was stopped. */
async function answerTo(pending: readonly ChatMessage[], round: number, options: TurnOptions): Promise<ChatMessage> {
  const { session, voice, terminal, stream, reasoning, markdown, signal, firstQuestion } = options;
  const { stdout, language } = terminal;
  const view = new AnswerView({ out: stdout, reasoning, bare: false, markdown, language });
  const question = (round === 0 ? firstQuestion : undefined) ?? session.questionFor(pending, stream);
  try {
    for await (const event of awaited(terminal, ask(session.endpoint, question, signal))) view.show(event);
  } catch (thrown) {
    view.close();
    // What was said before the stop is part of the dialogue, as both have seen it.
    if (signal.aborted) return { role: 'assistant', content: view.text };
    throw thrown;
  }
  view.close();
  if (view.notice !== undefined) voice.warn(view.notice);
  if (session.choices.search === true && !hasSearched(view)) voice.warn(NOT_SEARCHED);
  const end = view.end ?? { model: undefined, usage: undefined, message: { role: 'assistant', content: view.text } };
  session.totals.add(view.served, end, systemClock.now());
  const sources = sourceLines(end.message);
  if (sources.length > 0) voice.say(sources.join('\n'));
  return end.message;
}

const STOPPED: Phrase = { en: 'The answer was stopped.', zh: '回答已停止。' };
const ENDLESS: Phrase = {
  en: `The model has called tools ${ROUNDS} times in a row; the turn ends here.`,
  zh: `模型已连续 ${ROUNDS} 次调用工具，本轮到此结束。`,
};
