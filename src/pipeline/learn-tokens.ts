import type { Usage } from '../chat/chat.ts';
import { ChatDocument } from '../chat/chat-document.ts';
import { estimatePromptTokens } from '../chat/estimate-tokens.ts';
import type { TokenCalibration } from '../chat/token-calibration.ts';

/** Larger requests are not read once more for it. */
const MOST_BYTES = 512 * 1024;
/** What a picture costs is the vendor's own business; it says nothing of how text is cut. */
const MEDIA = ['"data:', '"ms://', '"http'].map((text) => Buffer.from(text));

/** A request with what its answer reports. */
interface Answered {
  readonly model: string;
  readonly body: Buffer;
  readonly usage: Usage | undefined;
  /** When the answer came, ticks. */
  readonly now: number;
}

/** Compares what an answer reports with what would have been estimated, where that is worth it. */
export function learnTokens(tokens: TokenCalibration, { model, body, usage, now }: Answered): void {
  const reported = usage?.prompt_tokens;
  if (typeof reported !== 'number' || usage?.['estimated'] === true || !tokens.isDue(model, now)) return;
  if (body.length > MOST_BYTES || MEDIA.some((sign) => body.includes(sign))) return;
  tokens.learn(model, { estimate: estimatePromptTokens(new ChatDocument(body)), reported, bytes: body.length });
}
