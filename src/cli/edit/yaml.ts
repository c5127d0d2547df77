import { Document, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import { type Format, Malformed } from './format.ts';

/** YAML, with its comments; lists and maps keep their style. */
export const yamlFormat: Format = {
  title: 'YAML',
  read: (text) => documentOf(text)?.toJS({ maxAliasCount: 100 }) ?? undefined,
  put(text, { place, value }) {
    const found = documentOf(text);
    const document: Document = found ?? new Document({});
    const present = document.getIn(place, true);
    // A scalar that is changed in place keeps its comment.
    if (isScalar(present) && typeof value !== 'object') present.value = value;
    else document.setIn(place, document.createNode(value));
    const written = document.toString({
      lineWidth: 0,
      indentSeq: indentsLists(document, text),
      flowCollectionPadding: true,
    });
    // A file of comments alone is no document to the parser's writer.
    return found === undefined && text.trim() !== '' ? `${text.trimEnd()}\n${written}` : written;
  },
};

function documentOf(text: string): Document.Parsed | undefined {
  const documents = parseAllDocuments(text, { prettyErrors: false, merge: true });
  if (!Array.isArray(documents)) return undefined;
  const [document, second] = documents;
  if (second !== undefined)
    throw new Malformed({ en: 'it holds more than one document', zh: '文件包含多个文档' }, second.range[0]);
  const [error] = document?.errors ?? [];
  if (error !== undefined) throw new Malformed(error.message, error.pos[0]);
  return document?.contents === null ? undefined : document;
}

/** Whether the lists of the file stand indented below their keys, as its first one shows. */
function indentsLists({ contents }: Document, text: string): boolean {
  if (!isMap(contents)) return true;
  const list = contents.items.find(({ value }) => isSeq(value) && value.flow !== true)?.value;
  if (!isSeq(list) || list.range === undefined || list.range === null) return true;
  const at = list.range[0];
  return at !== text.lastIndexOf('\n', at - 1) + 1;
}
