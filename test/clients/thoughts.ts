import type { Rig } from '../setup.ts';

interface Sent {
  readonly role: string;
  readonly reasoning_content?: string;
  readonly content: readonly { readonly type: string; readonly thinking?: string }[];
}

/** The thinking of the answers in the last request that a surface got, in whichever shape it went up. */
export function thoughtsIn(rig: Rig): unknown[] {
  const { messages = [] } = (rig.simulator.calls.at(-1)?.body ?? {}) as { messages?: Sent[] };
  return messages
    .filter(({ role }) => role === 'assistant')
    .map(
      ({ reasoning_content: reasoning, content }) =>
        reasoning ?? content.find(({ type }) => type === 'thinking')?.thinking,
    );
}
