import type { FileUse } from './file-use.ts';
import type { Outcome } from './rewrite-messages.ts';

type Block = Readonly<Record<string, unknown>>;

/** What a block of Anthropic's wants of a file. Documents of text are left to the codec, which reads them itself. */
export function fileUseOfBlock(block: unknown): FileUse | undefined {
  if (!isBlock(block) || !isBlock(block['source'])) return undefined;
  const { type, title } = block;
  const { type: kind, file_id: id, url, media_type: mime, data } = block['source'];
  const filename = typeof title === 'string' && title !== '' ? title : undefined;
  if (type === 'image' || type === 'video') {
    if (kind === 'file' && typeof id === 'string') return { kind: 'media', id };
    return typeof url === 'string' && url.startsWith('ms://') ? { kind: 'media', id: url.slice(5) } : undefined;
  }
  if (type !== 'document') return undefined;
  if (kind === 'file' && typeof id === 'string') return { kind: 'stored', id, filename };
  if (kind !== 'base64' || typeof data !== 'string' || mime !== 'application/pdf') return undefined;
  return { kind: 'inline', type: mime, data: Buffer.from(data, 'base64'), filename };
}

/** The same conversation without anybody being asked: words stand for the texts of documents. `extracts` as in ChatFiles. */
export function withBlockStandIns(messages: readonly unknown[], extracts: boolean): readonly unknown[] {
  const outcomes = new Map<unknown, Outcome>();
  for (const block of blocksOf(messages)) {
    const use = fileUseOfBlock(block);
    if (use === undefined || use.kind === 'media' || (use.kind === 'inline' && !extracts)) continue;
    const name = use.filename ?? (use.kind === 'stored' ? use.id : 'document');
    outcomes.set(block, { text: `(the text of ${name})`, name });
  }
  return outcomes.size === 0 ? messages : messages.map((message) => withTexts(message, outcomes));
}

/** Every block of the conversation, those in results of tools too. */
export function blocksOf(messages: readonly unknown[]): readonly unknown[] {
  const all = messages.flatMap((message) => listIn(message));
  return all.flatMap((block) => (isBlock(block) && block['type'] === 'tool_result' ? listIn(block) : [block]));
}

/** The holder of blocks with texts where documents stood; the same object if none did. */
export function withTexts(holder: unknown, outcomes: ReadonlyMap<unknown, Outcome>): unknown {
  const blocks = listIn(holder);
  const changed = blocks.map((block) => {
    const outcome = outcomes.get(block);
    // What comes behind it begins a line.
    if (outcome && 'text' in outcome) return { type: 'text', text: `${outcome.text}\n` };
    return isBlock(block) && block['type'] === 'tool_result' ? withTexts(block, outcomes) : block;
  });
  const isSame = changed.every((block, index) => block === blocks[index]);
  return isSame ? holder : { ...(holder as Block), content: changed };
}

function listIn(holder: unknown): readonly unknown[] {
  const content = isBlock(holder) ? holder['content'] : undefined;
  return Array.isArray(content) ? content : [];
}

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
