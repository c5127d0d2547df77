import { type Call, type Expression, pathOf } from '../syntax/expression.ts';
import { candidates, type Program, resolve } from '../syntax/program.ts';
import { type Client, importedName, standingOf, targetOf } from './clients.ts';
import { AI_SDK_CALLS } from './libraries.ts';
import { type Options, optionsOf, optionsOfRecord } from './options.ts';

/** A chat request as the code makes it. */
export interface Request {
  readonly call: Call;
  readonly options: Options;
  readonly client: Client | undefined;
  readonly form: 'openai' | 'openai-0' | 'openai-3' | 'responses' | 'http' | 'library';
  /** `.stream()` and `streamText()` always do. */
  readonly isStream: boolean;
}

/** Another endpoint of the API, `images.generate` for example. */
export interface EndpointCall {
  readonly call: Call;
  readonly endpoint: string;
}

const RESPONSES = /(?:^|\.)responses\.(create|stream|parse)$/;
const CHAT =
  /(?:^|\.)chat\.completions(?:\.with_raw_response|\.with_streaming_response)?\.(create|stream|parse|runTools|runFunctions)$/;

export function findRequests(program: Program, clients: readonly Client[]): readonly Request[] {
  return program.calls.flatMap((call) => {
    const found = toRequest(program, clients, call);
    return found === undefined || found.client?.target === 'other' ? [] : [found];
  });
}

function toRequest(program: Program, clients: readonly Client[], call: Call): Request | undefined {
  const path = calleePath(call);
  const method = CHAT.exec(path)?.[1];
  if (method !== undefined) return ofClient(program, clients, call, method);
  if (RESPONSES.test(path)) return ofResponses(program, clients, call);
  if (/(?:^|\.)ChatCompletion\.a?create$/.test(path)) return ofModule(program, call);
  if (path.endsWith('createChatCompletion')) return ofOldClient(program, call);
  const made = clients.find((client) => client.call === call && client.library.takesRequest);
  if (made) return { call, options: made.options, client: made, form: 'library', isStream: false };
  return ofAiSdk(program, clients, call) ?? ofHttp(program, call);
}

/** `client.chat.completions.create`, whatever `client` is; a call in the middle leaves its part out. */
export function calleePath({ callee }: Call): string {
  const names: string[] = [];
  for (let at: Expression = callee; at.kind === 'member'; at = at.object) names.unshift(at.property ?? '[]');
  return names.length === 0 ? (pathOf(callee) ?? '') : names.join('.');
}

/** What stands before `.chat.completions.create` or `.images.generate`. */
function objectBefore(callee: Expression, isPart: (name: string) => boolean): Expression {
  let object = callee;
  while (object.kind === 'member' && isPart(object.property ?? '')) object = object.object;
  return object;
}

const CHAT_PARTS = new Set(
  'beta chat completions create stream parse runTools runFunctions with_raw_response with_streaming_response'.split(
    ' ',
  ),
);

function ofClient(program: Program, clients: readonly Client[], call: Call, method: string): Request | undefined {
  const object = objectBefore(call.callee, (name) => CHAT_PARTS.has(name));
  const standing = standingOf(program, clients, object);
  if (standing.is === 'foreign') return undefined;
  const options = optionsOf(program, call);
  const client = standing.is === 'client' ? standing.client : undefined;
  return {
    call,
    options,
    client,
    form: 'openai',
    isStream: method === 'stream' || isTrue(options.get('stream')?.literal),
  };
}

const isTrue = (value: Expression | undefined): boolean => value?.kind === 'word' && value.value === true;

/** The name of the face is an ordinary word, so only a client that is known counts. */
function ofResponses(program: Program, clients: readonly Client[], call: Call): Request | undefined {
  const object = objectBefore(call.callee, (name) => /^(?:responses|create|stream|parse)$/.test(name));
  const standing = standingOf(program, clients, object);
  if (standing.is !== 'client') return undefined;
  return { call, options: optionsOf(program, call), client: standing.client, form: 'responses', isStream: false };
}

function ofModule(program: Program, call: Call): Request | undefined {
  const root = objectBefore(call.callee, (name) => /^(?:ChatCompletion|a?create)$/.test(name));
  const imported = root.kind === 'name' ? importedName(program, root.name, root) : undefined;
  if (imported?.module !== 'openai') return undefined;
  const options = optionsOf(program, call);
  return { call, options, client: undefined, form: 'openai-0', isStream: isTrue(options.get('stream')?.literal) };
}

const importsOpenAi = ({ root }: Program): boolean =>
  [...root.bindings.values()].flat().some(({ imported }) => imported?.module === 'openai');

function ofOldClient(program: Program, call: Call): Request | undefined {
  if (!importsOpenAi(program)) return undefined;
  return { call, options: optionsOf(program, call), client: undefined, form: 'openai-3', isStream: false };
}

/** `generateText({ model: openai('gpt-4o'), … })` */
function ofAiSdk(program: Program, clients: readonly Client[], call: Call): Request | undefined {
  if (call.callee.kind !== 'name' || !AI_SDK_CALLS.has(call.callee.name)) return undefined;
  if (importedName(program, call.callee.name, call)?.module !== 'ai') return undefined;
  const options = optionsOf(program, call);
  const model = options.get('model')?.literal;
  const provider = model?.kind === 'call' ? providerOf(program, clients, model) : undefined;
  if (provider === undefined) return undefined;
  return { call, options, client: provider.client, form: 'library', isStream: call.callee.name.startsWith('stream') };
}

/** `openai('…')`, `openai.chat('…')`, or the same of a provider made by `createOpenAI`. */
export function providerOf(
  program: Program,
  clients: readonly Client[],
  call: Call,
): { client: Client | undefined } | undefined {
  const object = call.callee.kind === 'member' ? call.callee.object : call.callee;
  if (object.kind !== 'name') return undefined;
  const imported = importedName(program, object.name, object);
  if (imported?.module === '@ai-sdk/openai') return imported.name === 'openai' ? { client: undefined } : undefined;
  const value = resolve(program, object);
  const client = clients.find((known) => known.call === value && known.library.id === 'ai-sdk');
  return client && client.target !== 'other' ? { client } : undefined;
}

/** `fetch('https://api.openai.com/v1/chat/completions', { body: JSON.stringify({ … }) })`, `requests.post(url, json={ … })` */
function ofHttp(program: Program, call: Call): Request | undefined {
  const [url] = call.positional;
  const text = url === undefined ? [] : candidates(program, url);
  const isChat = text.some(
    (value) => value.kind === 'text' && value.value.endsWith('/chat/completions') && targetOf(value.value) !== 'other',
  );
  const body = isChat ? bodyOf(program, call) : undefined;
  if (body?.kind !== 'record') return undefined;
  const options = optionsOfRecord(program, body);
  return { call, options, client: undefined, form: 'http', isStream: isTrue(options.get('stream')?.literal) };
}

function bodyOf(program: Program, call: Call): Expression | undefined {
  const given = optionsOf(program, call, 1);
  const body = given.get('json', 'body', 'data') ?? undefined;
  const value = body?.literal ?? (call.positional[1] && resolve(program, call.positional[1]));
  if (value?.kind !== 'call') return value;
  const [inner] = value.positional;
  return /(?:^|\.)(?:stringify|dumps)$/.test(calleePath(value)) && inner ? resolve(program, inner) : undefined;
}

const ENDPOINTS = [
  'embeddings.create',
  'images.generate',
  'images.edit',
  'images.create_variation',
  'images.createVariation',
  'audio.transcriptions.create',
  'audio.translations.create',
  'audio.speech.create',
  'moderations.create',
  'completions.create',
  'fine_tuning.jobs.create',
  'fineTuning.jobs.create',
  'beta.assistants.create',
  'beta.threads.create',
  'beta.vector_stores.create',
  'beta.vectorStores.create',
  'vector_stores.create',
  'vectorStores.create',
];

/** Endpoints that Kimi does not have, called on something that is surely a client. */
export function findMissingEndpoints(program: Program, clients: readonly Client[]): readonly EndpointCall[] {
  return program.calls.flatMap((call) => {
    const path = calleePath(call);
    const endpoint = ENDPOINTS.find((known) => path === known || path.endsWith(`.${known}`));
    if (endpoint === undefined || CHAT.test(path)) return [];
    const parts = new Set(endpoint.split('.'));
    const standing = standingOf(
      program,
      clients,
      objectBefore(call.callee, (name) => parts.has(name)),
    );
    const isOurs = standing.is === 'client' && standing.client?.target !== 'other';
    return isOurs && !/chat\.completions/.test(path) ? [{ call, endpoint }] : [];
  });
}
