/** Platform docs, batch page (August 2026): only these models, one in a batch. */
export const BATCH_MODELS: readonly string[] = ['kimi-k2.6', 'kimi-k2.7-code'];

/** The one endpoint that batches have (the same page). */
export const BATCH_ENDPOINT = '/v1/chat/completions';

/**
 * What a line must not set (the same page: "do not set" them), and what means nothing in a file: its answers are written
 * down, not streamed.
 */
export const NOT_IN_A_BATCH: readonly string[] = [
  ...['temperature', 'top_p', 'n', 'presence_penalty', 'frequency_penalty'],
  ...['stream', 'stream_options'],
];
