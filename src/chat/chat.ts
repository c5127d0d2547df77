/**
 * The hub language: OpenAI's Chat Completions shape, typed where the gateway touches it and open for the rest.
 * Unknown members travel through both ways.
 */

export interface ChatMessage {
  readonly role?: string;
  readonly content?: unknown;
  readonly name?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
  readonly function_call?: FunctionCall;
  readonly reasoning_content?: unknown;
  readonly partial?: boolean;
  readonly [member: string]: unknown;
}

export interface FunctionCall {
  readonly name?: string;
  readonly arguments?: string;
  readonly [member: string]: unknown;
}

export interface ToolCall {
  readonly index?: number;
  readonly id?: string;
  readonly type?: string;
  readonly function?: FunctionCall;
  readonly [member: string]: unknown;
}

export interface FunctionDefinition {
  readonly name?: string;
  readonly description?: string;
  readonly parameters?: unknown;
  readonly strict?: boolean;
  readonly [member: string]: unknown;
}

export interface Tool {
  readonly type?: string;
  readonly function?: FunctionDefinition;
  readonly [member: string]: unknown;
}

export interface ChatRequest {
  readonly model?: string;
  readonly messages?: readonly ChatMessage[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean; readonly [member: string]: unknown } | null;
  readonly tools?: readonly Tool[];
  readonly tool_choice?: unknown;
  readonly functions?: readonly FunctionDefinition[];
  readonly function_call?: unknown;
  readonly thinking?: {
    readonly type?: string;
    readonly keep?: string | null;
    readonly [member: string]: unknown;
  } | null;
  readonly reasoning_effort?: string | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly n?: number | null;
  readonly presence_penalty?: number | null;
  readonly frequency_penalty?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly max_tokens?: number | null;
  readonly max_completion_tokens?: number | null;
  readonly response_format?: unknown;
  readonly [member: string]: unknown;
}

/** Token counts as Kimi and OpenAI report them; `cached_tokens` at the top is Kimi's own place. */
export interface Usage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly total_tokens?: number;
  readonly cached_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number; readonly [member: string]: unknown } | null;
  readonly completion_tokens_details?: {
    readonly reasoning_tokens?: number;
    readonly [member: string]: unknown;
  } | null;
  readonly [member: string]: unknown;
}

export interface ChunkChoice {
  readonly index?: number;
  readonly delta?: ChatMessage;
  readonly finish_reason?: string | null;
  readonly usage?: Usage | null;
  readonly [member: string]: unknown;
}

export interface ChatChunk {
  readonly id?: string;
  readonly object?: string;
  readonly created?: number;
  readonly model?: string;
  readonly choices?: readonly ChunkChoice[];
  readonly usage?: Usage | null;
  readonly system_fingerprint?: string;
  readonly error?: unknown;
  readonly [member: string]: unknown;
}

export interface CompletionChoice {
  readonly index?: number;
  readonly message?: ChatMessage;
  readonly finish_reason?: string | null;
  readonly usage?: Usage | null;
  readonly [member: string]: unknown;
}

export interface ChatCompletion {
  readonly id?: string;
  readonly object?: string;
  readonly created?: number;
  readonly model?: string;
  readonly choices?: readonly CompletionChoice[];
  readonly usage?: Usage | null;
  readonly [member: string]: unknown;
}
