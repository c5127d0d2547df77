import { randomBytes } from 'node:crypto';
import type { Draft } from '../script/draft.ts';
import type { Output } from './output.ts';
import type { ChatRequest } from './request.ts';
import { type Usage, usageOf } from './usage.ts';

/** Everything that is known about an answer before its first byte is sent. */
export interface Reply {
  readonly request: ChatRequest;
  readonly draft: Draft;
  readonly output: Output;
  readonly usage: Usage;
  readonly envelope: { readonly id: string; readonly created: number; readonly model: string };
  readonly fingerprint: string;
  readonly paceMs: number;
}

export function makeReply(parts: {
  request: ChatRequest;
  draft: Draft;
  output: Output;
  cached: number;
  now: number;
  paceMs: number;
}): Reply {
  const { request, draft, output } = parts;
  const counts = draft.usage ?? {
    prompt: request.promptTokens,
    completion: output.completionTokens,
    cached: parts.cached,
  };
  const usage = usageOf({ ...counts, reasoning: Math.min(output.reasoningTokens, counts.completion) });
  return {
    ...{ request, draft, output },
    usage: draft.bareUsage ? bare(usage) : usage,
    envelope: {
      id: `chatcmpl-${randomBytes(12).toString('hex')}`,
      created: Math.floor(parts.now / 1000),
      model: request.model.id,
    },
    fingerprint: `fpv0_${randomBytes(4).toString('hex')}`,
    paceMs: draft.pauseMs ?? parts.paceMs,
  };
}

function bare(usage: Usage): Usage {
  const { prompt_tokens_details: _, ...rest } = usage;
  return rest;
}
