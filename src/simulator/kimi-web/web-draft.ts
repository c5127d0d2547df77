import type { WebFaultName } from './web-fault.ts';

export interface WebSegment {
  readonly kind: 'think' | 'say';
  readonly text: string;
  /** Never cut into pieces. */
  readonly whole?: boolean;
}

export interface WebSource {
  readonly url: string;
  readonly title: string;
}

/** What an answer of the web chat will be, and what goes wrong on its way. */
export interface WebDraft {
  segments: WebSegment[];
  sources: WebSource[];
  /** Characters in one event or frame. */
  pieceLength: number;
  delayMs: number;
  pauseMs: number;
  /** Instead of an answer. */
  failure?:
    | { readonly kind: 'fault'; readonly name: WebFaultName; readonly inStream: boolean }
    | { readonly kind: 'limit'; readonly retryAfter: number | undefined }
    | { readonly kind: 'redirect'; readonly location: string }
    | { readonly kind: 'status'; readonly status: number; readonly text: string };
  /** 200 and nothing: what a deleted chat was seen to answer (LLM-Red-Team/kimi-free-api issue 160). */
  empty: boolean;
  /** Positions count pieces of thinking and text; `Infinity` = after the last. */
  stallAfter?: number;
  cutAfter?: number;
  endAfter?: number;
  failAfter?: { readonly name: WebFaultName; readonly after: number };
  retractAfter?: number;
  doneAfter?: number;
  /** Leaves out `[DONE]`, `all_done` (Connect: the `done` frame), or the end-of-stream frame. */
  noDone: boolean;
  noAllDone: boolean;
  noEnd: boolean;
  length: boolean;
  heartbeat: boolean;
  heartbeatMs: number;
  zeroFrames: boolean;
  compressedFrames: boolean;
  /** Sends one frame with these flags. */
  oddFlags?: number;
  hugeFrame: boolean;
  setAgain: boolean;
  foreign?: string;
  serverTool?: string;
  newForm: boolean;
  crlf: boolean;
  splitBytes?: number;
  gzip: boolean;
}

export function emptyWebDraft(): WebDraft {
  return {
    segments: [],
    sources: [],
    pieceLength: 4,
    delayMs: 0,
    pauseMs: 0,
    empty: false,
    noDone: false,
    noAllDone: false,
    noEnd: false,
    length: false,
    heartbeat: false,
    heartbeatMs: 0,
    zeroFrames: false,
    compressedFrames: false,
    hugeFrame: false,
    setAgain: false,
    newForm: false,
    crlf: false,
    gzip: false,
  };
}

/** One event's worth of text. */
export function* webPieces(draft: WebDraft): Generator<WebSegment> {
  for (const segment of draft.segments) {
    if (segment.whole === true) {
      yield segment;
      continue;
    }
    const letters = Array.from(segment.text);
    for (let start = 0; start < letters.length; start += draft.pieceLength) {
      yield { ...segment, text: letters.slice(start, start + draft.pieceLength).join('') };
    }
  }
}
