import { witnessed } from './witness-surface.ts';

/** A turn whose whole answer its client has got. */
export interface Acknowledged {
  readonly conversation: string;
  readonly said: string;
  readonly answer: string;
  /** When the client first sent it, and when it had the whole answer. */
  readonly sentAt: number;
  readonly ackedAt: number;
}

export interface StoredMessage {
  readonly role: string;
  readonly content: string;
  readonly status?: string;
}

/**
 * Checks what is stored of a conversation against what its writers were told. There must be one order of the turns in
 * which each answer is the one that exactly the turns before it give (the model), in which no turn comes before one that
 * was acknowledged before it was sent, and which holds every acknowledged turn once and no turn twice.
 */
export function checkConversation(
  name: string,
  stored: readonly StoredMessage[],
  acknowledged: readonly Acknowledged[],
): void {
  const problems: string[] = [];
  const places = new Map<string, number>();
  stored.forEach(({ role, content, status }, index) => {
    if (role !== (index % 2 === 0 ? 'user' : 'assistant')) problems.push(`${index}: ${role} out of turn`);
    if (status === 'partial') problems.push(`${index}: a cut answer was left`);
    if (role === 'user' && places.has(content)) problems.push(`${content} is there twice`);
    if (role === 'user') places.set(content, index);
    if (role !== 'assistant') return;
    const expected = witnessed(stored.slice(0, index));
    if (content !== expected) problems.push(`${index}: the answer saw another history: ${content}, not ${expected}`);
  });
  for (const { said, answer } of acknowledged) {
    const place = places.get(said);
    if (place === undefined) problems.push(`${said} was acknowledged and is lost`);
    else if (stored[place + 1]?.content !== answer) problems.push(`${said} has another answer than its client got`);
  }
  for (const early of acknowledged) {
    for (const late of acknowledged) {
      if (early.ackedAt >= late.sentAt) continue;
      const [before = 0, after = 0] = [places.get(early.said), places.get(late.said)];
      if (before > after) problems.push(`${late.said} stands before ${early.said}, which had ended when it was sent`);
    }
  }
  if (problems.length > 0) throw new Error(`${name}: ${problems.length} problems\n${problems.slice(0, 20).join('\n')}`);
}
