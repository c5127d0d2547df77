import type { ImportedName } from '../syntax/program.ts';

/** How a library's client is made, so that code is known by what it imports and not by what its variables are called. */
export interface Library {
  readonly id: 'openai' | 'azure' | 'openai-3' | 'langchain' | 'ai-sdk' | 'llama-index';
  readonly modules: RegExp;
  readonly names: readonly string[];
  /** The constructor takes the members of requests as well. */
  readonly takesRequest?: true;
  /** How the base address and the key are spelled in a fix. */
  readonly spelling?: { readonly baseUrl: string; readonly apiKey: string };
}

const OPENAI = /^(?:openai|langfuse\.openai|@langfuse\/openai|posthog\.ai\.openai)$/;

export const LIBRARIES: readonly Library[] = [
  {
    id: 'openai',
    modules: OPENAI,
    names: ['default', '*', 'OpenAI', 'AsyncOpenAI', 'Client', 'AsyncClient'],
    spelling: { baseUrl: 'baseURL', apiKey: 'apiKey' },
  },
  { id: 'azure', modules: OPENAI, names: ['AzureOpenAI', 'AsyncAzureOpenAI'] },
  {
    id: 'openai-3',
    modules: /^openai$/,
    names: ['Configuration'],
    spelling: { baseUrl: 'basePath', apiKey: 'apiKey' },
  },
  {
    id: 'langchain',
    modules:
      /^(?:@langchain\/openai|langchain\/(?:chat_models|llms)\/openai|langchain_openai(?:\..+)?|langchain(?:_community)?\.chat_models(?:\.openai)?)$/,
    names: ['ChatOpenAI'],
    takesRequest: true,
  },
  {
    id: 'llama-index',
    modules: /^(?:llama_index(?:\.legacy|\.core)?\.llms(?:\.openai)?|@llamaindex\/openai|llamaindex)$/,
    names: ['OpenAI'],
    takesRequest: true,
  },
  {
    id: 'ai-sdk',
    modules: /^@ai-sdk\/openai$/,
    names: ['createOpenAI'],
    spelling: { baseUrl: 'baseURL', apiKey: 'apiKey' },
  },
];

export function libraryOf({ module, name }: ImportedName): Library | undefined {
  return LIBRARIES.find(({ modules, names }) => modules.test(module) && names.includes(name));
}

/** Functions of the AI SDK whose options are those of a request. */
export const AI_SDK_CALLS = new Set(['generateText', 'streamText', 'generateObject', 'streamObject']);

export const BASE_URL_NAMES = ['base_url', 'base_path', 'api_base', 'openai_api_base'];
export const KEY_NAMES = ['api_key', 'openai_api_key'];
