/**
 * Anthropic's Messages shape, typed where the codec touches it and open for the rest
 * (https://docs.claude.com/en/api/messages; what clients really send: recorded requests of Claude Code 2.1, kimi-code 2.1,
 * pi 0.73 and the AI SDK).
 */

export interface Block {
  readonly type?: string;
  readonly [member: string]: unknown;
}

export interface AnthropicMessage {
  /** `user` or `assistant`; Claude Code also sends `system` inside the list. */
  readonly role?: string;
  readonly content?: string | readonly Block[];
  readonly [member: string]: unknown;
}

export interface AnthropicTool {
  readonly type?: string;
  readonly name?: string;
  readonly description?: string;
  readonly input_schema?: unknown;
  readonly [member: string]: unknown;
}

export interface MessagesRequest {
  readonly model?: string;
  readonly messages?: readonly AnthropicMessage[];
  readonly max_tokens?: number;
  readonly system?: string | readonly Block[];
  readonly stream?: boolean;
  readonly tools?: readonly AnthropicTool[];
  readonly tool_choice?: unknown;
  readonly stop_sequences?: readonly string[];
  readonly thinking?: { readonly type?: string; readonly budget_tokens?: number; readonly [member: string]: unknown };
  readonly output_config?: {
    readonly effort?: string;
    readonly format?: unknown;
    readonly [member: string]: unknown;
  };
  readonly metadata?: { readonly user_id?: string | null; readonly [member: string]: unknown };
  readonly [member: string]: unknown;
}

/** `input_tokens` leaves out what the cache served or stored; OpenAI's `prompt_tokens` includes it. */
export interface AnthropicUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number; readonly [member: string]: unknown } | null;
  readonly [member: string]: unknown;
}

export interface MessagesAnswer {
  readonly id?: string;
  readonly type?: string;
  readonly role?: string;
  readonly model?: string;
  readonly content?: readonly Block[];
  readonly stop_reason?: string | null;
  readonly stop_sequence?: string | null;
  readonly usage?: AnthropicUsage;
  readonly [member: string]: unknown;
}

/** One event of a stream; on the wire `event:` repeats its `type`. */
export interface MessagesEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}
