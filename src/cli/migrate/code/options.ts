import { type Call, type Entry, type Expression, pathOf, type RecordLiteral } from '../syntax/expression.ts';
import { bindingsOf, type Program, resolve } from '../syntax/program.ts';

export interface Option extends Entry {
  /** What it surely is. */
  readonly literal: Expression;
  /** Where it can be taken out; undefined where others may use the same record. */
  readonly owner: RecordLiteral | undefined;
}

/** The options of a call: keyword arguments, or the members of an object, with those of constants spread into it. */
export class Options {
  readonly all: readonly Option[];
  /** Something is spread into it that is not in this file. */
  readonly isOpen: boolean;
  /** Where a new option can be written. */
  readonly record: RecordLiteral | undefined;

  constructor(all: readonly Option[], isOpen: boolean, record: RecordLiteral | undefined) {
    this.all = all;
    this.isOpen = isOpen;
    this.record = record;
  }

  /** By the name on the wire; `topP` and `top_p` are the same. The last one counts, as in both languages. */
  get(...names: readonly string[]): Option | undefined {
    return this.all.findLast(({ name }) => names.includes(wireName(name)));
  }
}

/** Libraries spell the members of a request in their language's manner. */
const SYNONYMS: Readonly<Record<string, string>> = {
  model_name: 'model',
  max_output_tokens: 'max_tokens',
  model_kwargs: 'extra_body',
};

export function wireName(name: string): string {
  const snake = name.replace(/[A-Z]+/g, (capitals, at: number) => `${at > 0 ? '_' : ''}${capitals.toLowerCase()}`);
  const known = snake.replace(/^open_?ai_?api_/, 'openai_api_');
  return SYNONYMS[known] ?? known;
}

const DEPTH = 5;

interface Collected {
  readonly all: readonly Option[];
  readonly isOpen: boolean;
}

/** Options stand in the keywords (Python), else in the argument at `position`. */
export function optionsOf(program: Program, { positional, keywords }: Call, position = 0): Options {
  const isPython = keywords !== undefined;
  const given = isPython ? keywords : positional[position];
  if (given === undefined) return new Options([], false, undefined);
  const record = resolve(program, given);
  if (record.kind !== 'record') return new Options([], true, undefined);
  const isDirect = record === given || record.from === given.from;
  const collected = collect(program, record, isDirect, DEPTH);
  const assigned = given.kind === 'name' ? assignedTo(program, given.name) : [];
  return new Options([...collected.all, ...assigned], collected.isOpen, isDirect ? record : undefined);
}

export function optionsOfRecord(program: Program, record: RecordLiteral): Options {
  const { all, isOpen } = collect(program, record, true, DEPTH);
  return new Options(all, isOpen, record);
}

function collect(program: Program, record: RecordLiteral, isDirect: boolean, depth: number): Collected {
  const all: Option[] = [];
  let isOpen = false;
  for (const spread of record.spreads) {
    const value = resolve(program, spread);
    if (value.kind !== 'record' || depth === 0) isOpen = true;
    else {
      const inner = collect(program, value, value === spread && isDirect, depth - 1);
      all.push(...inner.all);
      isOpen ||= inner.isOpen;
    }
  }
  for (const entry of record.entries) {
    all.push({ ...entry, literal: resolve(program, entry.value), owner: isDirect ? record : undefined });
    // The Python client sends what it does not know itself as `extra_body`.
    const nested = wireName(entry.name) === 'extra_body' ? resolve(program, entry.value) : undefined;
    if (nested?.kind === 'record') all.push(...collect(program, nested, isDirect && nested === entry.value, 0).all);
  }
  return { all, isOpen };
}

/** `params.temperature = 0.5` after `const params = { … }`. */
function assignedTo(program: Program, name: string): Option[] {
  return program.assignments.flatMap(({ target, value, from, to, operator }) => {
    if (operator !== '=' || target.kind !== 'member' || target.property === undefined) return [];
    if (pathOf(target.object) !== name) return [];
    const isSame = bindingsOf(program, name, target)[0] !== undefined;
    const key = { from: target.from, to: target.to };
    const literal = resolve(program, value);
    return isSame ? [{ from, to, name: target.property, key, value, isShort: false, literal, owner: undefined }] : [];
  });
}
