import { at, parsed, shown, textAt } from './json-at.ts';

/** What is wrong with a call of get_weather. */
export function callProblems(call: unknown): string[] {
  const args = parsed(textAt(call, 'function', 'arguments'));
  return [
    ...(textAt(call, 'id') === '' ? [`id is ${shown(at(call, 'id'))}`] : []),
    ...(at(call, 'type') === 'function' ? [] : [`type is ${shown(at(call, 'type'))}`]),
    ...(textAt(call, 'function', 'name') === 'get_weather' ? [] : [`name is ${shown(at(call, 'function', 'name'))}`]),
    ...(typeof at(args, 'city') === 'string' ? [] : [`arguments are ${shown(at(call, 'function', 'arguments'))}`]),
  ];
}
