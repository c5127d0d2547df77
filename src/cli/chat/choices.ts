import type { ChatMessage } from '../../chat/chat.ts';

export const THINK_LEVELS = ['low', 'high', 'max', 'off'] as const;
export type ThinkLevel = (typeof THINK_LEVELS)[number];

/** What the person has chosen; undefined leaves it to the gateway and the model. */
export interface Choices {
  model: string;
  /** The surface that is to serve; undefined: the gateway's route. */
  surface: string | undefined;
  think: ThinkLevel | undefined;
  search: boolean | undefined;
  /** Whether the model may ask for the local tools. */
  tools: boolean;
}

/** A surface is chosen by its name before the model's. */
export function askedModel({ model, surface }: Choices): string {
  return surface === undefined ? model : `${surface}/${model}`;
}

/** The members of a request that say what was chosen. */
export function chosenMembers(choices: Choices): Readonly<Record<string, unknown>> {
  const { think, search } = choices;
  return {
    model: askedModel(choices),
    ...(think === undefined ? {} : { reasoning_effort: think === 'off' ? 'none' : think }),
    ...(search === true ? { web_search_options: {} } : {}),
    // The other word for it, which can also say no: the web chat searches by itself.
    ...(search === false ? { use_search: false } : {}),
  };
}

/** What a message says, without what is attached to it. */
export function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.flatMap((part: unknown) => partText(part)).join('\n');
}

function partText(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null || !('type' in part)) return [];
  if ('text' in part && typeof part.text === 'string') return [part.text];
  return [`[${String(part.type)}]`];
}
