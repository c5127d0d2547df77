import { isWithin, type Member, pathOf, type Span } from '../syntax/expression.ts';
import { type Loop, type Program, resolve } from '../syntax/program.ts';
import type { Request } from './requests.ts';

/** A loop over the chunks of an answer. */
export interface ChunkLoop extends Loop {
  readonly variable: string;
}

/** Loops over what a request of this file gives, and loops that read chunks as nothing else is read. */
export function findChunkLoops(program: Program, requests: readonly Request[]): readonly ChunkLoop[] {
  return program.loops.flatMap((loop) => {
    const { variable } = loop;
    if (variable === undefined) return [];
    const source = resolve(program, loop.iterable);
    const isStream = requests.some(({ call, isStream: streams }) => streams && call === source);
    const delta = new RegExp(`^${escaped(variable)}\\.choices\\[0\\]\\.delta\\b`);
    const readsDelta = () => membersIn(program, loop.body).some((member) => delta.test(pathOf(member) ?? ''));
    return isStream || (requests.length > 0 && readsDelta()) ? [{ ...loop, variable }] : [];
  });
}

export const escaped = (name: string): string => name.replace(/[$]/g, '\\$&');

export function membersIn(program: Program, span: Span): readonly Member[] {
  return program.members.filter((member) => isWithin(member, span));
}

/** `X.choices[0]`, where nothing shows that the list has an element. */
export interface FirstChoice {
  readonly loop: ChunkLoop;
  readonly member: Member;
}

/** Reads of `chunk.choices[0].…` in a loop that never looks whether there is a choice. */
export function unguardedChoices(program: Program, loop: ChunkLoop): readonly FirstChoice[] {
  const path = `${loop.variable}.choices`;
  const inside = membersIn(program, loop);
  const looks = inside.some((member) => pathOf(member) === path && !isIndexed(program, member));
  if (looks) return [];
  return inside
    .filter((member) => pathOf(member) === `${path}[0]` && isUsed(program, member))
    .map((member) => ({ loop, member }));
}

function isIndexed(program: Program, member: Member): boolean {
  const parent = program.parents.get(member);
  return parent?.kind === 'member' && parent.property === undefined && !parent.isOptional;
}

/** In JavaScript an element that is not there is undefined, and fails only when something is read of it. */
function isUsed(program: Program, first: Member): boolean {
  if (program.file.isPython) return true;
  const parent = program.parents.get(first);
  return parent?.kind === 'member' && !parent.isOptional;
}
