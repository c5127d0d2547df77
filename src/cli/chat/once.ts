import { EXIT, type Terminal } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import { AnswerView } from './answer-view.ts';
import { ask, type Question } from './ask.ts';

/** One question, one answer. Into a pipe or a file goes the answer alone. Throws GatewayError. */
export async function chatOnce({ stdout, stderr }: Terminal, endpoint: Endpoint, question: Question): Promise<number> {
  const view = new AnswerView({ out: stdout, reasoning: true, bare: !stdout.isTTY });
  try {
    // Ctrl-C ends the program, and with it the connection and the call.
    for await (const event of ask(endpoint, question, NEVER)) view.show(event);
  } finally {
    view.close();
  }
  if (view.notice !== undefined) stderr.write(`moongate: ${view.notice}\n`);
  return EXIT.ok;
}

const NEVER = new AbortController().signal;
