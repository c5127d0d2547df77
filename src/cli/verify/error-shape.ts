import type { Phrase } from '../language.ts';
import type { Answer } from './exchange.ts';
import { at, shown } from './json-at.ts';
import { unlike } from './unlike.ts';

/** What is wrong with a failure, as OpenAI's clients read it. */
export function errorProblems({ status, json, type }: Answer, statuses: readonly number[]): Phrase[] {
  if (status < 400)
    return [
      { en: `HTTP ${status}, expected ${statuses.join(' or ')}`, zh: `HTTP ${status}，应为 ${statuses.join(' 或 ')}` },
    ];
  const error = at(json, 'error');
  return [
    ...(statuses.includes(status)
      ? []
      : [
          {
            en: `HTTP ${status}, expected ${statuses.join(' or ')}`,
            zh: `HTTP ${status}，应为 ${statuses.join(' 或 ')}`,
          },
        ]),
    ...(/\bjson\b/.test(type) ? [] : [{ en: `content type ${shown(type)}`, zh: `内容类型 ${shown(type)}` }]),
    ...(typeof at(error, 'message') === 'string' ? [] : [unlike('error.message', at(error, 'message'))]),
    ...(typeof at(error, 'type') === 'string' ? [] : [unlike('error.type', at(error, 'type'))]),
  ];
}
