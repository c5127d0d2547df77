import type { Answer } from './exchange.ts';
import { at, shown } from './json-at.ts';

/** What is wrong with a failure, as OpenAI's clients read it. */
export function errorProblems({ status, json, type }: Answer, statuses: readonly number[]): string[] {
  if (status < 400) return [`HTTP ${status}, expected ${statuses.join(' or ')}`];
  const error = at(json, 'error');
  return [
    ...(statuses.includes(status) ? [] : [`HTTP ${status}, expected ${statuses.join(' or ')}`]),
    ...(/\bjson\b/.test(type) ? [] : [`content type ${shown(type)}`]),
    ...(typeof at(error, 'message') === 'string' ? [] : [`error.message is ${shown(at(error, 'message'))}`]),
    ...(typeof at(error, 'type') === 'string' ? [] : [`error.type is ${shown(at(error, 'type'))}`]),
  ];
}
