import type { JsonObject } from '../json.ts';
import type { MfjsMode } from '../mfjs/validate-mfjs.ts';
import type { ModelFacts } from './model-facts.ts';

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** A message after validation: its text in one string, its media counted. */
export interface Message {
  readonly role: Role;
  readonly text: string;
  readonly media: number;
  readonly reasoning: string | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly toolCallId: string | undefined;
  readonly partial: boolean;
  readonly raw: JsonObject;
}

export interface Tool {
  readonly name: string;
  readonly parameters: JsonObject;
  readonly raw: JsonObject;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export type ResponseFormat =
  | { readonly type: 'text' | 'json_object' }
  | { readonly type: 'json_schema'; readonly schema: JsonObject };

export interface Thinking {
  readonly isOn: boolean;
  /** Undefined where the model has no efforts. */
  readonly effort: string | undefined;
}

/** A chat request that broke no rule. */
export interface ChatRequest {
  readonly model: ModelFacts;
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly thinking: Thinking;
  readonly cap: number;
  /** How many choices; more than one on the retired models only. */
  readonly choices: number;
  readonly stop: readonly string[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly responseFormat: ResponseFormat;
  readonly promptTokens: number;
}

/** What the rules need besides the body. */
export interface RuleContext {
  readonly model: ModelFacts;
  readonly mfjs: MfjsMode;
  readonly unknownMembers: 'ignore' | 'refuse';
  /** Which of the two services words the refusal, where they differ. */
  readonly service: 'platform' | 'coding';
  readonly hasFile: (id: string) => boolean;
}
