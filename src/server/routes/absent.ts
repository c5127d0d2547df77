import { GatewayError } from '../../errors.ts';
import { anthropicMessages } from '../../protocols/anthropic-messages.ts';
import type { Protocol } from '../../protocols/protocol.ts';
import type { Route } from '../router.ts';

/** An endpoint of OpenAI's, or of Anthropic's, that Kimi has nothing for (platform openapi.json, September 2026: absent). */
interface Absent {
  readonly path: string;
  readonly what: string;
  /** What serves the purpose, if something does. */
  readonly instead?: string;
  /** In whose shape it is said; default OpenAI's. */
  readonly protocol?: Protocol;
}

const ABSENT: readonly Absent[] = [
  {
    path: '/v1/embeddings',
    what: 'embeddings',
    instead: 'Take them from another vendor; `compatible` surfaces serve chat only.',
  },
  {
    path: '/v1/moderations',
    what: 'moderations',
    instead: "Kimi's own filter answers chat with the code content_filter.",
  },
  {
    path: '/v1/images',
    what: 'image generation',
    instead: 'Pictures can be read: send them as image_url parts in chat.',
  },
  {
    path: '/v1/videos',
    what: 'video generation',
    instead: 'Videos can be read: upload them with purpose video, and send video_url parts with ms://<file id>.',
  },
  { path: '/v1/audio', what: 'speech and transcription', instead: 'Send transcripts as text.' },
  { path: '/v1/realtime', what: 'realtime sessions', instead: 'Stream POST /v1/chat/completions.' },
  { path: '/v1/fine_tuning', what: 'fine-tuning' },
  { path: '/v1/fine-tunes', what: 'fine-tuning' },
  { path: '/v1/evals', what: 'evals' },
  {
    path: '/v1/uploads',
    what: 'uploads in parts',
    instead: 'POST /v1/files takes a file in one request, as a stream.',
  },
  {
    path: '/v1/vector_stores',
    what: 'vector stores',
    instead: 'Files with purpose file-extract give their text: GET /v1/files/{id}/content.',
  },
  { path: '/v1/assistants', what: 'assistants', instead: 'Use POST /v1/chat/completions with tools.' },
  { path: '/v1/threads', what: 'threads', instead: 'Use POST /v1/chat/completions with the whole history.' },
  { path: '/v1/edits', what: 'edits', instead: 'Use POST /v1/chat/completions.' },
  { path: '/v1/containers', what: 'containers' },
  {
    path: '/v1/responses/compact',
    what: 'compaction of its own',
    instead: 'Ask for a summary, or send `truncation: "auto"`, which leaves out the oldest turns.',
  },
  {
    path: '/v1/messages/batches',
    what: "batches in Anthropic's shape",
    instead: 'POST /v1/batches runs a file of chat requests.',
    protocol: anthropicMessages,
  },
  {
    path: '/v1/complete',
    what: "text completions in Anthropic's shape",
    instead: 'Use POST /v1/messages.',
    protocol: anthropicMessages,
  },
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** 404 with a sentence of its own, so that nobody looks for a slip in the address. */
export const ABSENT_ROUTES: readonly Route[] = ABSENT.flatMap(({ path, what, instead, protocol }) => {
  const answer = async () => {
    throw new GatewayError('not_offered', {
      message: `Kimi has no ${what}.`,
      ...(instead === undefined ? {} : { hint: instead }),
    });
  };
  const methods = Object.fromEntries(METHODS.map((method) => [method, answer]));
  const told = { methods, ...(protocol === undefined ? {} : { protocol }) };
  return [
    { path, ...told },
    { path: `${path}/{rest...}`, ...told },
  ];
});
