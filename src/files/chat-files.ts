import { GatewayError } from '../errors.ts';
import type { Caller } from './caller.ts';
import type { DocumentTexts } from './document-texts.ts';
import { type FileUse, fileUseOf, mediaPart } from './file-use.ts';
import type { Keeper, Located } from './keeper.ts';
import { blocksOf, fileUseOfBlock, withTexts } from './message-blocks.ts';
import { type Outcome, partsOf, rewritten } from './rewrite-messages.ts';

/** More files in one request are nobody's conversation. */
const MOST_FILES = 64;

/** A conversation whose documents have become text. */
export interface PlacedFiles {
  readonly messages: readonly unknown[];
  /** Where the pictures and videos lie that it names; undefined if it names none. */
  readonly home: { readonly surface: string; readonly account: string } | undefined;
  readonly notes: readonly string[];
}

/** Brings what a conversation says about files into the form that Kimi takes. */
export class ChatFiles {
  readonly #keeper: Keeper;
  readonly #texts: DocumentTexts;
  readonly #surfaces: (() => readonly string[]) | undefined;

  constructor(keeper: Keeper, texts: DocumentTexts, surfaces?: () => readonly string[]) {
    this.#keeper = keeper;
    this.#texts = texts;
    this.#surfaces = surfaces;
  }

  /** The same for callers that may use these surfaces only. */
  within(surfaces: () => readonly string[]): ChatFiles {
    return new ChatFiles(this.#keeper, this.#texts, surfaces);
  }

  /**
   * Undefined if no file is named. `extracts`: documents in the request may be uploaded. Throws invalid_request for files
   * that nobody has, that lie apart, or that cannot be read here.
   */
  async place(messages: readonly unknown[], extracts: boolean, caller: Caller): Promise<PlacedFiles | undefined> {
    const outcomes = await this.#settleAll(messages.flatMap(partsOf), fileUseOf, extracts, caller);
    return (
      outcomes &&
      placed(
        outcomes,
        messages.flatMap((message) => rewritten(message, outcomes)),
      )
    );
  }

  /** The same for Anthropic's blocks, where the text stands in the document's place. */
  async placeBlocks(messages: readonly unknown[], extracts: boolean, caller: Caller): Promise<PlacedFiles | undefined> {
    const useOf = (block: unknown) => {
      const use = fileUseOfBlock(block);
      // A face of Anthropic's may read it, and the codec tells of it elsewhere: a history must not end a session.
      return use?.kind === 'inline' && !extracts ? undefined : use;
    };
    const outcomes = await this.#settleAll(blocksOf(messages), useOf, extracts, caller);
    return (
      outcomes &&
      placed(
        outcomes,
        messages.map((message) => withTexts(message, outcomes)),
      )
    );
  }

  async #settleAll(
    parts: readonly unknown[],
    useOf: (part: unknown) => FileUse | undefined,
    extracts: boolean,
    { owner, signal }: Caller,
  ): Promise<ReadonlyMap<unknown, Outcome> | undefined> {
    const caller = { owner, signal, surfaces: this.#surfaces?.() };
    const uses = new Map<unknown, FileUse>();
    for (const part of parts) {
      const use = useOf(part);
      if (use) uses.set(part, use);
    }
    if (uses.size === 0) return undefined;
    if (uses.size > MOST_FILES) throw refused(`The request names ${uses.size} files; at most ${MOST_FILES} are taken.`);
    const outcomes = new Map<unknown, Outcome>();
    // One after the other: a file that is named twice is then known the second time.
    for (const [part, use] of uses) outcomes.set(part, await this.#settle(part, use, extracts, caller));
    return outcomes;
  }

  async #settle(part: unknown, use: FileUse, extracts: boolean, caller: Caller): Promise<Outcome> {
    if (use.kind === 'inline') {
      const name = use.filename ?? 'document';
      if (!extracts && !/^text\//i.test(use.type)) throw notHere(name);
      return { text: await this.#texts.inline(use, caller), name };
    }
    const home = await this.#locate(use.id, caller);
    if (use.kind === 'media') return { part, home };
    const { purpose, filename } = home.owner;
    if (purpose === 'image' || purpose === 'video') return { part: mediaPart(purpose, use.id), home };
    return { text: await this.#texts.stored(use.id, caller), name: filename ?? use.filename ?? use.id };
  }

  /** A 404 would say that the model does not exist, to more than one client. */
  async #locate(id: string, caller: Caller): Promise<Located> {
    try {
      return await this.#keeper.locate('files', id, caller);
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      throw error.code === 'resource_not_found' ? refused(error.message, error.details.hint) : error;
    }
  }
}

function placed(outcomes: ReadonlyMap<unknown, Outcome>, messages: readonly unknown[]): PlacedFiles {
  const all = [...outcomes.values()];
  const told = all.flatMap((outcome) => ('text' in outcome ? [outcome.name] : []));
  return { messages, home: oneHome(all), notes: told.map((name) => `document ${name} sent as its text`) };
}

function oneHome(outcomes: readonly Outcome[]): PlacedFiles['home'] {
  const homes = outcomes.flatMap((outcome) => ('home' in outcome ? [outcome.home.owner] : []));
  const [first] = homes;
  if (!first) return undefined;
  const { surface, account } = first;
  if (homes.every((home) => home.surface === surface && home.account === account)) return { surface, account };
  throw refused(
    'The files of this request lie in different accounts, and one call goes to one of them. Upload them again, together.',
  );
}

function notHere(name: string): GatewayError {
  return new GatewayError('invalid_request', {
    message: `Documents such as ${name.slice(0, 100)} are read by the open platform, which does not serve this model here.`,
    param: 'messages',
    hint: 'Choose a model of moonshot-cn or moonshot-ai; or upload it there (POST /v1/files with purpose file-extract) and name its file_id, whose text any model is told.',
  });
}

function refused(message: string, hint?: string): GatewayError {
  return new GatewayError('invalid_request', { message, param: 'messages', ...(hint === undefined ? {} : { hint }) });
}
