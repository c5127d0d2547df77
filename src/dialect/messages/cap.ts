import type { RequestRepair } from '../rule.ts';
import { THINKING_FLOOR } from '../sizes/cap-of.ts';

/** The cap counts thinking too. An effort that was not asked for becomes the weakest. */
export const raisedCap: RequestRepair = {
  reads: ['max_tokens', 'thinking', 'output_config'],
  trigger: { members: ['max_tokens'] },
  apply(request, { situation: { model }, note }) {
    const { max_tokens: cap } = request;
    if (typeof cap !== 'number' || cap >= THINKING_FLOOR || model === undefined) return request;
    const [weakest] = model.efforts;
    const isFree = weakest !== undefined && !('output_config' in request) && !('thinking' in request);
    note(`max_tokens ${cap} raised to ${THINKING_FLOOR}${isFree ? `, effort ${weakest} stated` : ''}`);
    return {
      ...request,
      max_tokens: THINKING_FLOOR,
      ...(isFree ? { output_config: { effort: weakest } } : {}),
    };
  },
};
