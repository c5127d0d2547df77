import type { Phrase } from '../language.ts';
import { at, parsed, shown, textAt } from './json-at.ts';
import { unlike } from './unlike.ts';

/** What is wrong with a call of get_weather. */
export function callProblems(call: unknown): Phrase[] {
  const args = parsed(textAt(call, 'function', 'arguments'));
  return [
    ...(textAt(call, 'id') === '' ? [unlike('id', at(call, 'id'))] : []),
    ...(at(call, 'type') === 'function' ? [] : [unlike('type', at(call, 'type'))]),
    ...(textAt(call, 'function', 'name') === 'get_weather' ? [] : [unlike('name', at(call, 'function', 'name'))]),
    ...(typeof at(args, 'city') === 'string'
      ? []
      : [
          {
            en: `arguments are ${shown(at(call, 'function', 'arguments'))}`,
            zh: `arguments 为 ${shown(at(call, 'function', 'arguments'))}`,
          },
        ]),
  ];
}
