import type { Exchange } from '../exchange.ts';
import type { BodyPipe } from './body-pipe.ts';
import type { WebChat, WebMessage } from './web-chat.ts';
import { type WebDraft, webPieces } from './web-draft.ts';
import type { WebFaultName } from './web-fault.ts';
import type { WebTurn } from './web-turn.ts';

/** How one of the protocols writes what happens in an answer. */
export interface AnswerWriter {
  open(): Promise<void>;
  piece(kind: 'think' | 'say', text: string): Promise<void>;
  heartbeat(): Promise<void>;
  doneInBetween(): Promise<void>;
  fail(name: WebFaultName): Promise<void>;
  retract(): Promise<void>;
  close(): Promise<void>;
}

export interface WebAnswer {
  readonly exchange: Exchange;
  readonly pipe: BodyPipe;
  readonly draft: WebDraft;
  readonly turn: WebTurn;
  readonly chat: WebChat;
  readonly ids: { readonly question: string; readonly answer: string; readonly group: string };
  readonly paceMs: number;
}

/** Plays a draft. What was said before it broke off stays in the chat, as on the server. */
export async function playAnswer(answer: WebAnswer, writer: AnswerWriter): Promise<void> {
  const { exchange, pipe, draft, chat, ids } = answer;
  chat.streaming = true;
  const message: WebMessage = { id: ids.answer, role: 'assistant', text: '' };
  chat.messages.push({ id: ids.question, role: 'user', text: answer.turn.prompt }, message);
  try {
    if (!draft.empty) {
      const isWhole = await sendPieces(answer, writer, message);
      if (isWhole) await writer.close();
    }
    await pipe.flush(true);
    exchange.response.end();
  } finally {
    chat.streaming = false;
  }
}

/** False where the answer ends before its proper end. */
async function sendPieces(answer: WebAnswer, writer: AnswerWriter, message: WebMessage): Promise<boolean> {
  const { draft, chat, ids } = answer;
  await writer.open();
  let sent = 0;
  if (await breaks(answer, writer, sent)) return false;
  for (const { kind, text } of webPieces(draft)) {
    if (chat.cancelled.has(ids.answer)) return true;
    await wait(answer, writer);
    if (draft.heartbeat) await writer.heartbeat();
    await writer.piece(kind, text);
    if (kind === 'say') message.text += text;
    sent += 1;
    if (await breaks(answer, writer, sent)) return false;
  }
  return !(await breaks(answer, writer, Number.POSITIVE_INFINITY));
}

async function wait({ exchange, draft, paceMs }: WebAnswer, writer: AnswerWriter): Promise<void> {
  let left = draft.pauseMs || paceMs;
  while (draft.heartbeatMs > 0 && left > draft.heartbeatMs) {
    await exchange.sleep(draft.heartbeatMs);
    left -= draft.heartbeatMs;
    await writer.heartbeat();
  }
  if (left > 0) await exchange.sleep(left);
}

/** Does what the script wants after `sent` pieces; true if that was the end. */
async function breaks({ draft, pipe, exchange }: WebAnswer, writer: AnswerWriter, sent: number): Promise<boolean> {
  const isLast = sent === Number.POSITIVE_INFINITY;
  const reached = (after: number | undefined): boolean => after !== undefined && after === sent;
  if (reached(draft.doneAfter)) await writer.doneInBetween();
  if (reached(draft.stallAfter) || reached(draft.cutAfter)) await pipe.flush(false);
  if (reached(draft.stallAfter)) await exchange.silence();
  if (reached(draft.cutAfter)) await exchange.sever();
  if (draft.failAfter !== undefined && reached(draft.failAfter.after)) {
    await writer.fail(draft.failAfter.name);
    return true;
  }
  if (reached(draft.retractAfter)) {
    await writer.retract();
    return true;
  }
  return reached(draft.endAfter) || (isLast && draft.endAfter === Number.POSITIVE_INFINITY);
}
