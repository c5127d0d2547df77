/** The rows of the table of errors that are about what is remembered: responses that clients continue, and conversations. */
export const CONVERSATION_ERRORS = {
  previous_response_not_found: {
    status: 400,
    type: 'invalid_request_error',
    retry: 'never',
    message: 'The response to continue is not kept.',
  },
  background_full: {
    status: 429,
    type: 'rate_limit_error',
    retry: 'never',
    message: 'Too many responses run in the background.',
  },
  conversation_busy: {
    status: 409,
    type: 'conflict_error',
    retry: 'never',
    message: 'Another turn of the conversation is under way.',
    hint: 'Turns of one conversation are answered one at a time. Try again; with the same Idempotency-Key no turn is told twice.',
  },
  conversation_lost: {
    status: 410,
    type: 'invalid_request_error',
    retry: 'never',
    message: 'The chat on the surface, which the conversation went on in, is gone.',
    hint: 'Set `conversations.on_lost: replay` to let the gateway tell its history to a new chat, or fork the conversation: a fork begins a chat of its own.',
  },
  conversation_full: {
    status: 413,
    type: 'invalid_request_error',
    retry: 'never',
    message: 'The conversation is as large as one may become.',
    hint: 'Begin a new one, fork it at an earlier message, or raise `conversations.conversation_bytes` in moongate.yaml.',
  },
} as const;
