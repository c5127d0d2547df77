/**
 * OpenAI's Responses (https://platform.openai.com/docs/api-reference/responses), typed where it is touched and open for
 * the rest; members as in `openai` 7.57, what coding agents send besides as recorded.
 */

/** What was said, thought, called or found: a member of `input` and of `output`. Without a type it is a message. */
export interface Item {
  readonly type?: string | null;
  readonly id?: string | null;
  readonly [member: string]: unknown;
}

export interface ResponsesTool {
  readonly type?: string;
  readonly name?: string;
  readonly description?: string | null;
  readonly [member: string]: unknown;
}

/** After `readResponsesRequest`: no member is null. */
export interface ResponsesRequest {
  readonly model?: string;
  readonly input?: string | readonly Item[];
  readonly instructions?: string | readonly Item[];
  readonly tools?: readonly ResponsesTool[];
  readonly tool_choice?: unknown;
  readonly parallel_tool_calls?: boolean;
  readonly previous_response_id?: string;
  readonly conversation?: string | { readonly id: string };
  readonly stream?: boolean;
  readonly store?: boolean;
  readonly background?: boolean;
  readonly include?: readonly unknown[];
  readonly truncation?: string;
  readonly max_output_tokens?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_logprobs?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly reasoning?: {
    readonly effort?: string | null;
    readonly summary?: string | null;
    readonly generate_summary?: string | null;
    readonly [member: string]: unknown;
  };
  readonly text?: {
    readonly format?: { readonly type?: string; readonly [member: string]: unknown } | null;
    readonly verbosity?: string | null;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

export interface ResponseObject {
  readonly id: string;
  readonly object: 'response';
  readonly status: ResponseStatus;
  readonly output: readonly Item[];
  readonly [member: string]: unknown;
}

export interface ResponsesEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly [member: string]: unknown;
}

/** Makes an id of OpenAI's look: `msg_…`. */
export type NewId = (prefix: string) => string;
