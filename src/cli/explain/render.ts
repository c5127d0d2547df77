import { valueChanges } from './changes.ts';
import type { ExplainedRequest, Place } from './explain-request.ts';

const VALUE_WIDTH = 160;
/** Of one repair; a history of a thousand messages may have as many. */
const CHANGES_SHOWN = 20;

/** For a reader at a terminal. */
export function renderExplanation(explained: ExplainedRequest): string {
  return [
    section('Model', modelLines(explained)),
    section('Surfaces, in the order of the attempts', placeLines(explained)),
    ...(explained.search.length > 0 ? [section('Web search', explained.search)] : []),
    section(`Repairs of the request: ${explained.repairs.length || 'none'}`, repairLines(explained)),
    section(
      `Repairs of the answer, where it needs them: ${explained.answerRules.length || 'none'}`,
      answerLines(explained),
    ),
    section('What is sent', [streamLine(explained), ...bodyText(explained).split('\n')]),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): string =>
  [title, ...lines.map((line) => `  ${line}`), ''].join('\n');

function modelLines({ resolution: { asked, model }, reason, target }: ExplainedRequest): readonly string[] {
  const unheard =
    'The built-in catalogue does not know it, so only the rules for every model apply. If the surface does not list it either, the gateway answers 404.';
  return [
    asked === model ? model : `${asked} → ${model}`,
    ...(reason === undefined ? [] : [reason]),
    ...(target.facts === undefined ? [unheard] : []),
  ];
}

function placeLines({ places, isAssumed }: ExplainedRequest): readonly string[] {
  const lines = places.map(
    (place, index) => `${index + 1}. ${place.surface}: ${place.model} at ${place.address} (${credentialsText(place)})`,
  );
  if (!isAssumed) return lines;
  return [
    ...lines,
    'No credential is configured: the gateway would answer 503. What follows assumes one for the first.',
  ];
}

function credentialsText({ credentials }: Place): string {
  if (credentials === 'none') return 'no credential';
  if (credentials === 'decided at start') return 'a key whose account system is found out at start';
  return credentials === 1 ? '1 credential' : `${credentials} credentials`;
}

function repairLines({ repairs, strict }: ExplainedRequest): readonly string[] {
  const lines = repairs.flatMap(({ rule, what, changes, by }) => {
    const all = changes.flatMap(({ member, before, after }) => valueChanges(member, before, after));
    const shown = all
      .slice(0, CHANGES_SHOWN)
      .map(({ path, before, after }) => `${path}: ${shortened(before)} → ${shortened(after)}`);
    const rest = all.length > CHANGES_SHOWN ? [`and ${all.length - CHANGES_SHOWN} more`] : [];
    return [
      `${rule}: ${what}`,
      ...[...shown, ...rest, `why: ${by.why}`, `source: ${by.source} (${by.seen})`].map(indented),
    ];
  });
  const isRefused = strict && repairs.length > 0;
  return isRefused ? [...lines, 'Strict mode is on: the gateway would refuse this request with 400 instead.'] : lines;
}

const indented = (line: string): string => `  ${line}`;

function shortened(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value);
  return text.length > VALUE_WIDTH ? `${text.slice(0, VALUE_WIDTH)}… (${text.length} characters)` : text;
}

function answerLines({ answerRules }: ExplainedRequest): readonly string[] {
  return answerRules.map(({ id, title }) => `${id}: ${title.en}`);
}

function streamLine({ stream: { asked, sent }, body, calls }: ExplainedRequest): string {
  const how = sent ? 'a stream' : 'a whole answer';
  const times = calls === 1 ? '' : `, ${calls} times (one call for each choice)`;
  return `${body.length} bytes${times}, asking for ${how}${asked === sent ? '' : ', which becomes a whole answer for the client'}:`;
}

function bodyText({ body }: ExplainedRequest): string {
  return JSON.stringify(JSON.parse(body.toString('utf8')), null, 2);
}

/** For a program. */
export function explanationObject(explained: ExplainedRequest): unknown {
  const { resolution, reason, places, isAssumed, strict, stream, search, repairs, answerRules, body, calls } =
    explained;
  const { asked, model, because } = resolution;
  return {
    model: { asked, model, because, ...(reason === undefined ? {} : { reason }) },
    surfaces: places,
    credentials_assumed: isAssumed,
    refused_by_strict_mode: strict && repairs.length > 0,
    stream,
    calls,
    search,
    repairs: repairs.map(({ rule, what, changes, by }) => ({
      rule,
      what,
      why: by.why,
      source: by.source,
      seen: by.seen,
      // A member that is none is null here: JSON has no other word for it.
      changes: changes.map(({ member, before, after }) => ({ member, before: before ?? null, after: after ?? null })),
    })),
    answer_repairs: answerRules.map(({ id, title, why }) => ({ rule: id, what: title.en, why })),
    body: JSON.parse(body.toString('utf8')) as unknown,
  };
}
