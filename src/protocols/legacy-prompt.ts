import { parseObjectBody } from '../chat/json-body.ts';
import { GatewayError } from '../errors.ts';

/** What a request of the old text completions asks for, beside what it has in common with chat. */
export interface LegacyPrompt {
  readonly prompts: readonly string[];
  /** Choices for each prompt. */
  readonly choices: number;
  readonly echo: boolean;
  /** The members that chat has too. */
  readonly shared: Readonly<Record<string, unknown>>;
}

/** Members that chat does not have, or has with another meaning. */
const OWN = ['prompt', 'suffix', 'echo', 'best_of', 'n', 'logprobs'];

/** Throws invalid_json; invalid_request for what Kimi cannot do, naming the member. */
export function readLegacyPrompt(body: Buffer): LegacyPrompt {
  const request = parseObjectBody(body);
  const { suffix, echo, logprobs } = request;
  if (suffix !== undefined && suffix !== null && suffix !== '') {
    throw refused(
      'suffix',
      'Kimi completes no text in the middle.',
      'Put what follows into the prompt, and say so there.',
    );
  }
  if (logprobs !== undefined && logprobs !== null && logprobs !== false) {
    throw refused('logprobs', 'Kimi tells no probabilities here.', 'Leave it out.');
  }
  const choices = countOf(request, 'n');
  if (countOf(request, 'best_of', choices) !== choices) {
    throw refused('best_of', 'Kimi does not rank its answers, so `best_of` must be `n`.', 'Ask for `n` and choose.');
  }
  const shared = Object.fromEntries(Object.entries(request).filter(([member]) => !OWN.includes(member)));
  return { prompts: promptsOf(request['prompt']), choices, echo: echo === true, shared };
}

function promptsOf(prompt: unknown): readonly string[] {
  if (typeof prompt === 'string' && prompt !== '') return [prompt];
  if (Array.isArray(prompt) && prompt.length > 0) {
    if (prompt.every((item): item is string => typeof item === 'string' && item !== '')) return prompt;
    if (prompt.every((item) => typeof item === 'number' || Array.isArray(item))) {
      throw refused(
        'prompt',
        'A prompt of token numbers cannot be read: they are of another vocabulary.',
        'Send text.',
      );
    }
  }
  throw refused('prompt', '`prompt` must be a text, or a list of texts, that is not empty.');
}

function countOf(request: Readonly<Record<string, unknown>>, member: string, fallback = 1): number {
  const value = request[member] ?? fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw refused(member, `\`${member}\` must be a whole number from 1.`);
}

function refused(param: string, message: string, hint?: string): GatewayError {
  return new GatewayError('invalid_request', { message, param, ...(hint === undefined ? {} : { hint }) });
}
