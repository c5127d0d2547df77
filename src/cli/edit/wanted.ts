import { isDeepStrictEqual } from 'node:util';
import type { Bilingual } from '../language.ts';

export type Scalar = string | number | boolean;

/** What a file should say, whatever else it says. Maps are merged, everything else replaces what is there. */
export type Wanted = Scalar | readonly Scalar[] | Entries | IfAbsent | WantedMap;

export interface WantedMap {
  readonly [key: string]: Wanted;
}

/** Entries of a list that others share: each is recognised by one member, merged where it is, appended where not. */
export class Entries {
  readonly by: string;
  readonly items: readonly WantedMap[];

  constructor(by: string, items: readonly WantedMap[]) {
    this.by = by;
    this.items = items;
  }
}

/** What a file needs to be complete, and what its owner may have chosen otherwise. */
export class IfAbsent {
  readonly value: Scalar;

  constructor(value: Scalar) {
    this.value = value;
  }
}

/** A place in a file: keys, and indexes into lists. */
export type Place = readonly (string | number)[];

/** One value to be set at a place whose parent exists. An index equal to the length of the list appends. */
export interface Change {
  readonly place: Place;
  readonly value: unknown;
}

/** A place holds something that cannot be merged with what is wanted there. */
export class Unfit extends Error {
  readonly place: Place;
  readonly words: Bilingual;

  constructor(place: Place, words: Bilingual) {
    super(words.en);
    this.place = place;
    this.words = words;
  }
}

const NO_MAP: Bilingual = { en: 'holds something else than a map of settings', zh: '不是设置的映射' };
const NO_LIST: Bilingual = { en: 'holds something else than a list', zh: '不是列表' };

type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Entries) &&
  !(value instanceof IfAbsent);

/** The changes that make a file say what is wanted; none if it does. Throws Unfit. */
export function changesTo(before: unknown, wanted: Wanted, place: Place = []): readonly Change[] {
  if (wanted instanceof Entries) return entryChanges(before, wanted, place);
  if (wanted instanceof IfAbsent) return before === undefined ? [{ place, value: wanted.value }] : [];
  if (!isTree(wanted)) return isDeepStrictEqual(before, wanted) ? [] : [{ place, value: wanted }];
  if (before === undefined || before === null) return [{ place, value: toPlain(wanted) }];
  if (!isTree(before)) throw new Unfit(place, NO_MAP);
  return Object.entries(wanted).flatMap(([key, value]) => changesTo(own(before, key), value, [...place, key]));
}

function entryChanges(before: unknown, { by, items }: Entries, place: Place): readonly Change[] {
  if (before === undefined || before === null) return [{ place, value: items.map(toPlain) }];
  if (!Array.isArray(before)) throw new Unfit(place, NO_LIST);
  const list: readonly unknown[] = before;
  let next = list.length;
  return items.flatMap((item) => {
    const at = list.findIndex((entry) => isTree(entry) && entry[by] === item[by]);
    if (at < 0) return [{ place: [...place, next++], value: toPlain(item) }];
    return changesTo(list[at], item, [...place, at]);
  });
}

/** What the file says after the changes. */
export function withChanges(before: unknown, changes: readonly Change[]): unknown {
  return changes.reduce((value, { place, value: set }) => withValue(value, place, set), before);
}

function withValue(before: unknown, [part, ...rest]: Place, value: unknown): unknown {
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const list: unknown[] = Array.isArray(before) ? [...before] : [];
    list[part] = withValue(list[part], rest, value);
    return list;
  }
  const map = isTree(before) ? before : {};
  return { ...map, [part]: withValue(own(map, part), rest, value) };
}

function toPlain(wanted: Wanted): unknown {
  if (wanted instanceof Entries) return wanted.items.map(toPlain);
  if (wanted instanceof IfAbsent) return wanted.value;
  if (isTree(wanted)) return Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, toPlain(value)]));
  return wanted;
}

/** Files come from elsewhere, and `constructor` is nobody's setting. */
function own(tree: Tree, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}
