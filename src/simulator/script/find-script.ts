/** A script found in a conversation, and which of its turns is to be played. */
export interface Script {
  readonly text: string;
  readonly turn: number;
  /** The lines of that turn, or undefined where the script says nothing about it. */
  readonly lines: readonly string[] | undefined;
}

interface Speaker {
  readonly role: string;
  readonly text: string;
  readonly partial: boolean;
}

/**
 * The last user message that holds a script, else the last other message that does. The turn is one more than the number
 * of assistant messages after it; an answer that is only begun (partial mode) is no turn.
 */
export function findScript(messages: readonly Speaker[]): Script | undefined {
  const isUser = (message: Speaker): boolean => message.role === 'user';
  const isOther = (message: Speaker): boolean => message.role === 'system' || message.role === 'tool';
  for (const wanted of [isUser, isOther]) {
    for (let index = messages.length - 1; index >= 0; index--) {
      const message = messages[index];
      if (message === undefined || !wanted(message)) continue;
      const lines = scriptLines(message.text);
      if (lines.length === 0) continue;
      const rest = messages.slice(index + 1);
      const turn = 1 + rest.filter((later) => later.role === 'assistant' && !later.partial).length;
      return { text: lines.join('\n'), turn, lines: selectTurn(lines, turn) };
    }
  }
  return undefined;
}

/** Lines that begin with `sim:`, and every line of a fenced block of that name. Some clients wrap the prompt in quotes. */
function scriptLines(text: string): string[] {
  if (!text.includes('sim')) return [];
  const plain = text.match(/^\s*"(.*)"\s*$/s)?.[1] ?? text;
  const found: string[] = [];
  let isFenced = false;
  for (const line of plain.split(/\r?\n/)) {
    if (/^\s*```/.test(line)) {
      isFenced = !isFenced && /^\s*```sim\s*$/.test(line);
      continue;
    }
    const directive = line.match(/^\s*sim:\s*(.*)$/s)?.[1] ?? (isFenced ? line.trim() : '');
    if (directive !== '') found.push(directive);
  }
  return found;
}

/** Lines before the first `turn` belong to turn 1. */
function selectTurn(lines: readonly string[], turn: number): readonly string[] | undefined {
  const sections = new Map<string, string[]>();
  let current = '1';
  for (const line of lines) {
    const name = line.match(/^turn\s+(\d+|\*)\s*$/)?.[1];
    if (name !== undefined) current = name;
    const section = sections.get(current) ?? [];
    if (name === undefined) section.push(line);
    sections.set(current, section);
  }
  return sections.get(String(turn)) ?? sections.get('*');
}
