import type { Tool } from '../chat.ts';
import { isObject, textOr } from '../json-object.ts';
import type { Notes } from '../notes.ts';
import { isSearchType, optionsOfTool, type WebSearchOptions } from '../web-search.ts';
import type { ResponsesTool } from './responses.ts';
import { functionFor, isToolKind, type ToolKind } from './tool-shapes.ts';

/** What a client calls a tool. Those that OpenAI names by their type have it as their name. */
export interface ClientTool {
  readonly kind: ToolKind;
  readonly name: string;
  readonly namespace?: string;
}

/** The tools of a request as functions, and which client's tool each function stands for. */
export class ToolMap {
  /** The search of the web that was declared, which is no function: the hub has a member for it. */
  search: WebSearchOptions | undefined;
  readonly #functions: Tool[] = [];
  readonly #byFunction = new Map<string, ClientTool>();
  readonly #names = new Map<string, string>();

  /** Adds what can be called; the rest is noted and left out. A tool that is there already stays as it was. */
  add(tools: readonly ResponsesTool[], notes: Notes): void {
    for (const given of tools) {
      const tool = flat(given);
      const { type } = tool;
      if (type === 'namespace') this.#addNamespace(tool, notes);
      else if (isSearchType(type) && tool['external_web_access'] !== false) this.search ??= optionsOfTool(tool);
      else if (isToolKind(type) && !isHosted(tool)) this.#addTool(type, tool);
      else notes.add(`the tool ${leftOut(tool)} is not to be had here and is left out`);
    }
  }

  /** For the chat request; undefined where there are none. */
  get functions(): readonly Tool[] | undefined {
    return this.#functions.length > 0 ? this.#functions : undefined;
  }

  /** The tool behind a function; a name that nobody declared is a function of the client's, who will say so. */
  toolOf(name: string): ClientTool {
    return this.#byFunction.get(name) ?? { kind: 'function', name };
  }

  /** The name of the function for a tool; for one that is not declared any more, the name that it would have. */
  nameOf(tool: ClientTool): string {
    return this.#names.get(keyOf(tool)) ?? flatName(tool);
  }

  /** The functions for the tools of a namespace. */
  namesIn(namespace: string): string[] {
    return [...this.#byFunction].flatMap(([name, tool]) => (tool.namespace === namespace ? [name] : []));
  }

  /** The functions for some tools that were added. */
  functionsFor(tools: readonly ResponsesTool[]): string[] {
    return tools.flatMap(({ type, name }) => {
      if (type === 'namespace') return this.namesIn(textOr(name, ''));
      return isToolKind(type) ? [this.nameOf({ kind: type, name: textOr(name, type) })] : [];
    });
  }

  #addNamespace(space: ResponsesTool, notes: Notes): void {
    const namespace = textOr(space.name, '');
    let about = textOr(space.description, '');
    for (const inner of Array.isArray(space['tools']) ? space['tools'] : []) {
      if (!isObject(inner)) continue;
      const tool = inner as ResponsesTool;
      if (tool.type !== 'function' && tool.type !== 'custom') {
        notes.add(`the tool ${leftOut(tool)} is not to be had here and is left out`);
        continue;
      }
      // Said once, with the first tool: it is about all of them.
      const description = [about, textOr(tool.description, '')].filter((part) => part !== '').join('\n\n');
      this.#addTool(tool.type, { ...tool, description }, namespace);
      about = '';
    }
  }

  #addTool(kind: ToolKind, tool: ResponsesTool, namespace?: string): void {
    const isNamed = kind === 'function' || kind === 'custom';
    const name = isNamed ? textOr(tool.name, '') : kind;
    const client: ClientTool = { kind, name, ...(namespace === undefined ? {} : { namespace }) };
    if (name === '' || this.#names.has(keyOf(client))) return;
    const own = this.#free(flatName(client));
    this.#names.set(keyOf(client), own);
    this.#byFunction.set(own, client);
    this.#functions.push({ type: 'function', function: { name: own, ...functionFor(kind, tool) } });
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#byFunction.has(name); count++) name = `${wanted}_${count}`;
    return name;
  }
}

/** Some clients declare functions as in a chat, one level lower. */
function flat(tool: ResponsesTool): ResponsesTool {
  const inner = tool['function'];
  return tool.type === 'function' && isObject(inner) ? { ...inner, type: 'function' } : tool;
}

function keyOf({ kind, name, namespace }: ClientTool): string {
  return JSON.stringify([kind, namespace, name]);
}

/** As tools of MCP servers are commonly named; Codex's namespaces of such servers end with the underscores already. */
function flatName({ name, namespace }: ClientTool): string {
  if (namespace === undefined || namespace === '') return name;
  return namespace.endsWith('__') ? namespace + name : `${namespace}__${name}`;
}

/** OpenAI runs these itself, which nobody does here. Tools that only its search would load are given at once. */
function isHosted(tool: ResponsesTool): boolean {
  if (tool.type === 'tool_search') return tool['execution'] !== 'client';
  const environment = tool['environment'];
  return tool.type === 'shell' && isObject(environment) && environment['type'] !== 'local';
}

function leftOut({ name, type }: ResponsesTool): string {
  const kind = textOr(type, 'without a type');
  return name === undefined || name === kind ? kind : `${name} (${kind})`;
}
