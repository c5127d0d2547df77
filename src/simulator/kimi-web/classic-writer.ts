import type { AnswerWriter, WebAnswer } from './web-answer.ts';
import { classicError, WEB_FAULTS, type WebFaultName } from './web-fault.ts';

/**
 * The older protocol's events: unnamed, one JSON each, typed by its own `event` member (shapes as meutils, kimi-free-api,
 * Jarvis and ChatALL-style clients show them).
 */
export class ClassicWriter implements AnswerWriter {
  readonly #answer: WebAnswer;
  readonly #end: string;

  constructor(answer: WebAnswer) {
    this.#answer = answer;
    this.#end = answer.draft.crlf ? '\r\n' : '\n';
  }

  async open(): Promise<void> {
    const { ids, turn, draft } = this.#answer;
    // The echo of the prompt: a client that shows it has a bug.
    await this.#event({ event: 'req', id: ids.question, group_id: ids.group, content: turn.prompt, refs: [] });
    await this.#event({ event: 'resp', id: ids.answer, group_id: ids.group });
    if (!turn.search) return;
    const words = turn.prompt.slice(0, 20).toWellFormed();
    const message = { need2search: draft.sources.length > 0, search_target: words, search_language: 'zh' };
    await this.#event({ event: 'debug', message });
    await this.#search();
  }

  async #search(): Promise<void> {
    const { sources } = this.#answer.draft;
    if (sources.length === 0) return;
    await this.#event({ event: 'search_plus', msg: { type: 'start' } });
    await this.#event({ event: 'search_plus', msg: { type: 'start_res' } });
    for (const [index, { url, title }] of sources.entries()) {
      const page = { title, url, date: '2026-08-01', site_name: 'Example', snippet: `About ${title}` };
      await this.#event({ event: 'search_plus', msg: { type: 'get_res', successNum: index + 1, ...page } });
    }
  }

  async piece(kind: 'think' | 'say', text: string): Promise<void> {
    await this.#event({ event: kind === 'think' ? 'k1' : 'cmpl', text });
  }

  async heartbeat(): Promise<void> {
    await this.#answer.pipe.write(`: heartbeat${this.#end}${this.#end}`);
    await this.#event({ event: 'ping' });
  }

  async doneInBetween(): Promise<void> {
    await this.#event({ event: 'done' });
  }

  async fail(name: WebFaultName): Promise<void> {
    await this.#event({ event: 'error', error: classicError(WEB_FAULTS[name]) });
    await this.#ends();
  }

  async retract(): Promise<void> {
    await this.fail('filter');
  }

  async close(): Promise<void> {
    const { draft, chat } = this.#answer;
    if (draft.length) await this.#event({ event: 'length' });
    if (draft.sources.length > 0) await this.#event({ event: 'ref_docs', ref_cards: draft.sources.map(refCard) });
    await this.#event({ event: 'done' });
    await this.#event({ event: 'rename', text: chat.name });
    await this.#ends();
  }

  async #ends(): Promise<void> {
    const { draft } = this.#answer;
    if (!draft.noAllDone) await this.#event({ event: 'all_done' });
    if (!draft.noDone) await this.#data('[DONE]');
  }

  async #event(event: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#data(JSON.stringify(event));
  }

  async #data(text: string): Promise<void> {
    await this.#answer.pipe.write(`data: ${text}${this.#end}${this.#end}`);
  }
}

function refCard({ url, title }: { readonly url: string; readonly title: string }, index: number): unknown {
  return {
    ...{ idx_s: 0, idx_z: 0, ref_id: String(index + 1), url, title },
    ...{ abstract: `About ${title}`, source_label: 'Example' },
    rag_segments: [{ text: title }],
    origin: { text: title },
  };
}
