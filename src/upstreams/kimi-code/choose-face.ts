import { VERSION } from '../../version.ts';
import type { KimiCodeOptions } from '../surface.ts';
import { isKnownAgent } from './agents.ts';

export interface FaceChoice {
  readonly face: 'openai' | 'anthropic';
  readonly userAgent: string;
  /** Whose name that is. */
  readonly as: 'operator' | 'caller' | 'moongate';
}

const OWN: Omit<FaceChoice, 'face'> = { userAgent: `moongate/${VERSION}`, as: 'moongate' };

/** The Anthropic face under our own name: the way that is open to everyone (Kimi Code error reference). */
export const OPEN_WAY: FaceChoice = { face: 'anthropic', ...OWN };

/** Which face is spoken to, and as whom. A name is never taken from a list: it is the caller's, the operator's, or ours. */
export function chooseFace(options: KimiCodeOptions | undefined, callerAgent: string | undefined): FaceChoice {
  const { face = 'auto', userAgentVersion } = options ?? {};
  if (face === 'anthropic') return OPEN_WAY;
  if (userAgentVersion !== undefined) {
    return { face: 'openai', userAgent: `KimiCLI/${userAgentVersion}`, as: 'operator' };
  }
  if (callerAgent !== undefined && isKnownAgent(callerAgent)) {
    return { face: 'openai', userAgent: callerAgent, as: 'caller' };
  }
  return face === 'openai' ? { face, ...OWN } : OPEN_WAY;
}

/** As whom a client of the Messages protocol is let in on the Anthropic face: a known agent keeps its name. */
export function messagesAgent(callerAgent: string | undefined): string {
  return callerAgent !== undefined && isKnownAgent(callerAgent) ? callerAgent : OWN.userAgent;
}
