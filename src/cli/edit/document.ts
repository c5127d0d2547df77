import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../command.ts';
import { type Bilingual, phrase } from '../language.ts';
import { envFormat } from './env.ts';
import { type Format, type FormatName, Malformed } from './format.ts';
import { json5Format, jsonFormat } from './json5.ts';
import { tomlFormat } from './toml.ts';
import { changesTo, isTree, type Place, Unfit, type WantedMap, withChanges } from './wanted.ts';
import { yamlFormat } from './yaml.ts';

const FORMATS: Readonly<Record<FormatName, Format>> = {
  json: jsonFormat,
  json5: json5Format,
  yaml: yamlFormat,
  toml: tomlFormat,
  env: envFormat,
};

const BYTE_ORDER_MARK = '\ufeff';

export interface Document {
  /** What messages call it. */
  readonly name: string;
  readonly format: FormatName;
  readonly text: string;
}

/** What a document says; an empty map where it says nothing. Throws GatewayError. */
export function readDocument({ name, format, text }: Document): Readonly<Record<string, unknown>> {
  const { title, read } = FORMATS[format];
  const bare = unixText(text);
  try {
    const value = read(bare) ?? {};
    if (isTree(value)) return value;
    throw new Malformed({ en: 'it holds no map of settings', zh: '内容不是设置的映射' });
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    const line = thrown.offset === undefined ? '' : `:${bare.slice(0, thrown.offset).split('\n').length}`;
    const words = {
      en: `${name}${line} is not valid ${title}: ${phrase(thrown.words, 'en')}.`,
      zh: `${name}${line} 不是有效的 ${title}：${phrase(thrown.words, 'zh')}。`,
    };
    throw refused(name, words, thrown);
  }
}

/**
 * The text with what is wanted in it, and everything else (comments, order, quotes, line ends) as it was. The result is
 * read again and compared with what was meant: a text that cannot be edited is refused, never damaged. Throws GatewayError.
 */
export function mergeDocument(document: Document, wanted: WantedMap): string {
  const { name, format, text } = document;
  const before = readDocument(document);
  const changes = changesOf(name, before, wanted);
  if (changes.length === 0) return text;
  const put = FORMATS[format].put;
  const edited = changes.reduce((current, change) => edit(name, put, current, change), unixText(text));
  const after = attempt(() => FORMATS[format].read(edited));
  if (!isDeepStrictEqual(sorted(after), sorted(withChanges(before, changes)))) {
    const places = changes.map(({ place }) => formatPlace(place)).join(', ');
    throw refused(name, {
      en: `${name} is written in a way that cannot be edited safely (${places}).`,
      zh: `${name} 的写法无法安全修改（${places}）。`,
    });
  }
  return likeBefore(text, edited);
}

function changesOf(name: string, before: unknown, wanted: WantedMap) {
  try {
    return changesTo(before, wanted);
  } catch (thrown) {
    if (!(thrown instanceof Unfit)) throw thrown;
    const place = formatPlace(thrown.place);
    const { en, zh } = thrown.words;
    throw refused(name, { en: `${name}: ${place} ${en}.`, zh: `${name}：${place} ${zh}。` }, thrown);
  }
}

function edit(name: string, put: Format['put'], text: string, change: Parameters<Format['put']>[1]): string {
  try {
    return put(text, change);
  } catch (cause) {
    const place = formatPlace(change.place);
    const words = {
      en: `${name}: ${place} cannot be edited where it stands.`,
      zh: `${name}：无法修改 ${place} 处的内容。`,
    };
    throw refused(name, words, cause);
  }
}

function refused(name: string, { en, zh }: Bilingual, cause?: unknown): Failure {
  return new Failure(
    { en: `${en} Nothing was written.`, zh: `${zh}没有写入任何内容。` },
    {
      code: 'config_invalid',
      hint: {
        en: `Mend ${name} first, or add by hand what --print shows.`,
        zh: `请先修正 ${name}，或按 --print 显示的内容手动添加。`,
      },
      cause,
    },
  );
}

const formatPlace = (place: Place): string => place.join('.');

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Editors work on plain line feeds; what the file has instead is put back. */
function unixText(text: string): string {
  return text.replace(BYTE_ORDER_MARK, '').replaceAll('\r\n', '\n');
}

function likeBefore(before: string, after: string): string {
  const isDos = before.includes('\r\n');
  const mark = before.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  return mark + (isDos ? after.replaceAll('\n', '\r\n') : after);
}

/** Equal whatever the order of the keys and the prototypes that a parser gives to its maps. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTree(value) || value instanceof Date) return value;
  return Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, child]) => [key, sorted(child)]);
}
