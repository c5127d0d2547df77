import type { HostId } from '../accounts/account.ts';
import { MESSAGES_FACE } from '../anthropic/messages-face.ts';
import { readMessagesBody } from '../anthropic/read-messages.ts';
import { answerRequest } from '../chat/answer-chat.ts';
import { readChatRequest } from '../chat/read-request.ts';
import type { Exchange } from '../exchange.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { Surface } from '../surface.ts';
import { contextOf, type PlatformParts, readBody, requireModel } from './platform.ts';

/** The Anthropic face of the open platform: `/anthropic/v1/messages` on both hosts, with a bearer key. */
export class PlatformMessages implements Surface {
  readonly prefix: string;
  readonly #host: HostId;
  readonly #parts: PlatformParts;

  constructor(host: 'cn' | 'ai', parts: PlatformParts) {
    this.#host = host;
    this.#parts = parts;
    this.prefix = `/${host}/anthropic/v1`;
  }

  async handle(exchange: Exchange): Promise<void> {
    const { book, memory, settings } = this.#parts;
    if (!(await exchange.readBody(settings.maxBodyBytes))) {
      throw new Refusal({ status: 413, message: 'Request exceeds the maximum size' });
    }
    const account = book.authenticate(this.#host, exchange.request.headers.authorization);
    if (`${exchange.request.method} ${exchange.path}` !== 'POST /messages') {
      throw notFound('The requested resource was not found');
    }
    const body = readMessagesBody(readBody(exchange));
    const context = contextOf(requireModel(body['model'], account, settings), account, settings);
    const request = readChatRequest(body, { ...context, unknownMembers: 'ignore' });
    await answerRequest(
      exchange,
      request,
      { account, memory, now: settings.now, paceMs: settings.pace },
      MESSAGES_FACE,
    );
  }
}
