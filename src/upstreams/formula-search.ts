import type { Source } from '../chat/web-search.ts';
import { GatewayError } from '../errors.ts';
import { callSearch, readObject } from './search-call.ts';
import type { Finding, SearchFace, SearchFunction, SearchPlace, SearchRun } from './search-face.ts';
import type { Surface } from './surface.ts';

/** The platform's own search (platform docs, official tools; forum.moonshot.ai/552: the way for k2.6 and k3, 2026-08). */
const FORMULA = 'moonshot/web-search:latest';

/** Its declaration changes with its versions, which are called `latest`. */
const BELIEVED_MS = 60 * 60_000;
const DECLARE_MS = 10_000;

/** What it finds is for the model's eyes only, so that its sources are known where the model names them. */
const CITING = 'Cite the pages that you rest on as Markdown links: [title](url).';

interface Known {
  readonly functions: readonly SearchFunction[];
  readonly until: number;
}

const KNOWN = new WeakMap<Surface, Known>();

export const formulaSearch: SearchFace = { name: FORMULA, hidesResults: true, declare, run };

async function declare(place: SearchPlace): Promise<readonly SearchFunction[]> {
  const { surface, clock } = place;
  const known = KNOWN.get(surface);
  if (known && clock.now() < known.until) return known.functions;
  const path = `/formulas/${FORMULA}/tools`;
  const answer = readObject(
    await callSearch({ place, method: 'GET', path, timeoutMs: DECLARE_MS }),
    surface.id,
    'The list of tools',
  );
  const tools: readonly unknown[] = Array.isArray(answer['tools']) ? answer['tools'] : [];
  const functions = tools.flatMap((tool) => functionIn(tool) ?? []);
  if (functions.length === 0) {
    throw new GatewayError('upstream_garbled', { surface: surface.id, message: `${FORMULA} declares no function.` });
  }
  KNOWN.set(surface, { functions, until: clock.now() + BELIEVED_MS });
  return functions;
}

function functionIn(tool: unknown): SearchFunction | undefined {
  const definition = membersOf(membersOf(tool)['function']);
  const { name } = definition;
  if (typeof name !== 'string' || name === '') return undefined;
  const description = [textOf(definition['description']), CITING].filter((part) => part !== undefined).join('\n');
  return { kind: 'search', definition: { ...definition, name, description } };
}

/** The output is encrypted for the model alone, and goes to it unchanged; the pages behind it may stand beside it. */
async function run(call: SearchRun): Promise<Finding> {
  const { surface } = call;
  const body = { name: call.function.definition.name, arguments: call.arguments };
  const path = `/formulas/${FORMULA}/fibers`;
  const timeoutMs = call.limits.timeoutMs;
  const fiber = readObject(
    await callSearch({ place: call, method: 'POST', path, body, timeoutMs }),
    surface.id,
    'The fiber',
  );
  const context = membersOf(fiber['context']);
  const text = [context['output'], context['encrypted_output']].find(
    (output) => typeof output === 'string' && output !== '',
  );
  if (fiber['status'] !== 'succeeded' || typeof text !== 'string') {
    const why = textOf(fiber['error']) ?? textOf(context['error']) ?? `the fiber is ${String(fiber['status'])}`;
    throw new GatewayError('upstream_error', { surface: surface.id, message: why.slice(0, 300) });
  }
  return { text, sources: referencesIn(context['references']) };
}

/** Seen live beside the encrypted output, as addresses or as objects with one (a public search adapter, 2026-08). */
function referencesIn(references: unknown): Source[] {
  const list: readonly unknown[] = Array.isArray(references) ? references : [];
  return list.flatMap((reference) => {
    const { url, title, date, snippet } = typeof reference === 'string' ? { url: reference } : membersOf(reference);
    if (typeof url !== 'string' || !URL.canParse(url)) return [];
    return [{ url, title: textOf(title) ?? new URL(url).host, date: textOf(date), snippet: textOf(snippet) }];
  });
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  const { message } = membersOf(value);
  return typeof message === 'string' ? message : undefined;
}
