import { gzipSync } from 'node:zlib';
import { COMPRESSED, END_OF_STREAM, frame } from './envelope.ts';
import type { AnswerWriter, WebAnswer } from './web-answer.ts';
import { connectError, WEB_FAULTS, type WebFaultName } from './web-fault.ts';

type Member = Readonly<Record<string, unknown>>;

const THINK_BLOCK = '1';
const TEXT_BLOCK = '2';

/** The newer protocol's frames, in the order in which captured streams of 2026 have them. */
export class ConnectWriter implements AnswerWriter {
  readonly #answer: WebAnswer;
  #offset = 0;
  #opened = new Set<string>();
  #text = '';

  constructor(answer: WebAnswer) {
    this.#answer = answer;
  }

  async open(): Promise<void> {
    const { chat, ids, turn, draft } = this.#answer;
    if (draft.hugeFrame) return this.#raw(Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 0x7b]));
    await this.#frame({ heartbeat: {} });
    await this.#set('chat', { chat: { id: chat.id, name: chat.name } });
    await this.#set('chat.lastRequest', { chat: { id: chat.id, lastRequest: { options: {} } } });
    const blocks = [{ id: '0', text: { content: turn.prompt } }];
    const question = { id: ids.question, role: 'user', status: 'MESSAGE_STATUS_COMPLETED', blocks };
    // The echo of the prompt: a client that shows it, or looks for errors in it, has a bug.
    await this.#set('message', { message: question });
    const status = 'MESSAGE_STATUS_GENERATING';
    const answer = { id: ids.answer, parentId: ids.question, role: 'assistant', status, blocks: [] };
    await this.#set('message', { message: answer });
    await this.#set('block.multiStage', {
      block: { id: '0', multiStage: { stages: [{ name: 'STAGE_NAME_THINKING', status: 'STATUS_RUNNING' }] } },
    });
    if (draft.oddFlags !== undefined) {
      await this.#raw(frame(Buffer.from('{"heartbeat":{}}'), draft.oddFlags));
    }
    await this.#search();
    if (draft.serverTool !== undefined) await this.#serverTool(draft.serverTool);
    if (draft.foreign !== undefined) await this.#foreignAnswer(draft.foreign);
  }

  async #search(): Promise<void> {
    const { sources } = this.#answer.draft;
    if (sources.length === 0) return;
    await this.#append('block.search.keywords', { block: { id: '0_1', search: { keywords: ['simulator'] } } });
    const webPages = sources.map(({ url, title }) => ({ title, url, siteName: 'Example', snippet: `About ${title}` }));
    await this.#append('block.search.webPages', { block: { id: '0_1', search: { webPages } } });
  }

  async #serverTool(name: string): Promise<void> {
    const tool = { toolCallId: 'tool_0', name, args: '', status: 'STATUS_PENDING' };
    await this.#set('block.tool', { block: { id: '9', tool } });
    await this.#append('block.tool.args', { block: { id: '9', tool: { args: '{"code":"print(1)"}' } } });
    await this.#set('block.tool', { block: { id: '9', tool: { ...tool, status: 'STATUS_DONE', contents: [] } } });
  }

  async #foreignAnswer(content: string): Promise<void> {
    const { ids } = this.#answer;
    const id = `${ids.answer.slice(0, -4)}ffff`;
    const blocks = [{ id: '1', messageId: id, text: { content } }];
    await this.#set('message', { message: { id, role: 'assistant', status: 'MESSAGE_STATUS_COMPLETED', blocks } });
    await this.#set('block.text', { block: { id: '1', messageId: id, text: { content } } });
    await this.#append('block.text.content', { block: { id: '1', messageId: id, text: { content } } });
  }

  async piece(kind: 'think' | 'say', text: string): Promise<void> {
    const [id, member] = kind === 'think' ? [THINK_BLOCK, 'think'] : [TEXT_BLOCK, 'text'];
    const messageId = this.#answer.ids.answer;
    const isFirst = !this.#opened.has(id);
    this.#opened.add(id);
    if (kind === 'say') this.#text += text;
    const content = { block: { id, messageId, [member]: { content: text } } };
    // The first piece comes as a `set` of the whole block: a client that reads only appends loses it.
    if (isFirst) return this.#set(`block.${member}`, content);
    await this.#append(`block.${member}.content`, content);
    if (kind === 'say' && this.#answer.draft.setAgain) {
      await this.#set('block.text', { block: { id, messageId, text: { content: this.#text } } });
    }
  }

  async heartbeat(): Promise<void> {
    await this.#frame({ heartbeat: {} });
  }

  async doneInBetween(): Promise<void> {
    await this.#frame({ eventOffset: this.#offset, done: { stage: 'STAGE_NAME_THINKING' } });
  }

  async fail(name: WebFaultName): Promise<void> {
    const { reason, message } = WEB_FAULTS[name];
    await this.#exception(reason, message, 'SEVERITY_ERROR');
  }

  async retract(): Promise<void> {
    const { reason, message } = WEB_FAULTS.filter;
    await this.#exception(reason, message, 'SEVERITY_BLOCK_RETRACT');
  }

  async #exception(reason: string, message: string, severity: string): Promise<void> {
    const error = { reason, localizedMessage: { locale: 'zh-CN', message }, severity };
    const messageId = this.#answer.ids.answer;
    await this.#set('block.exception', { block: { id: '3', messageId, exception: { error } } });
    await this.#ends('MESSAGE_STATUS_FAILED');
  }

  async close(): Promise<void> {
    const { draft, ids } = this.#answer;
    if (draft.sources.length > 0) {
      const used = draft.sources.map(({ url, title }, index) => ({
        id: String(index + 1),
        base: { title, url, siteName: 'Example', snippet: `About ${title}` },
      }));
      const message = { id: ids.answer, refs: { usedSearchChunks: used } };
      await this.#set('message.refs.usedSearchChunks', { message });
    }
    await this.#set('chat.name', { chat: { name: this.#answer.chat.name } });
    await this.#ends('MESSAGE_STATUS_COMPLETED');
  }

  async #ends(status: string): Promise<void> {
    const { draft, ids } = this.#answer;
    await this.#set('message.status', { message: { id: ids.answer, status } });
    if (!draft.noAllDone) await this.#frame({ eventOffset: ++this.#offset, done: {} });
    if (!draft.noEnd) await this.#end({});
  }

  async #end(trailer: Member): Promise<void> {
    await this.#raw(frame(Buffer.from(JSON.stringify(trailer)), END_OF_STREAM));
  }

  async #set(mask: string, value: Member): Promise<void> {
    await this.#change('set', mask, value);
  }

  async #append(mask: string, value: Member): Promise<void> {
    await this.#change('append', mask, value);
  }

  async #change(op: 'set' | 'append', mask: string, value: Member): Promise<void> {
    const eventOffset = ++this.#offset;
    if (!this.#answer.draft.newForm) return this.#frame({ op, mask, eventOffset, ...value });
    const [[name, inner] = ['', {}]] = Object.entries(value);
    const operator = `OPERATOR_${op.toUpperCase()}`;
    await this.#frame({ op: operator, mask: { paths: [mask] }, eventOffset, event: { case: name, value: inner } });
  }

  async #frame(value: Member): Promise<void> {
    const { draft } = this.#answer;
    if (draft.zeroFrames) await this.#raw(frame(Buffer.alloc(0)));
    const payload = Buffer.from(JSON.stringify(value));
    await this.#raw(draft.compressedFrames ? frame(gzipSync(payload), COMPRESSED) : frame(payload));
  }

  async #raw(bytes: Buffer): Promise<void> {
    await this.#answer.pipe.write(bytes);
  }
}

/** A body of one frame, which says that nothing came of the call: HTTP 200 all the same. */
export function endFrameOf(name: WebFaultName): Buffer {
  return frame(Buffer.from(JSON.stringify({ error: connectError(WEB_FAULTS[name]) })), END_OF_STREAM);
}
