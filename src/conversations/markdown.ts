import type { StoredConversation } from './conversation.ts';
import { messagesOf } from './turn.ts';
import { textOf } from './words.ts';

const SPEAKERS: Readonly<Record<string, string>> = {
  system: 'System',
  developer: 'System',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
};

/** For people. What is no text is named, the rest is as it was said. */
export function toMarkdown({ conversation, turns }: StoredConversation): string {
  const { title, name, model, createdAt } = conversation;
  const about = [`id: ${name}`, `model: ${model ?? 'unknown'}`, `begun: ${new Date(createdAt).toISOString()}`];
  const parts = turns.flatMap((turn) =>
    messagesOf(turn).map((message, index) => {
      const isAnswer = index === turn.asked.length;
      const cut = isAnswer && turn.state === 'partial' ? ' (cut)' : '';
      const heading = `## ${SPEAKERS[message.role ?? ''] ?? message.role ?? 'Unknown'}${cut}`;
      const { reasoning_content: reasoning } = message;
      const thought = typeof reasoning === 'string' && reasoning !== '' ? [quoted(reasoning)] : [];
      const calls = (message.tool_calls ?? []).map(({ function: call }) => fenced(`${call?.name} ${call?.arguments}`));
      return [heading, ...thought, textOf(message), ...calls].filter((part) => part !== '').join('\n\n');
    }),
  );
  return `${[`# ${title === '' ? name : title}`, about.join('  \n'), ...parts].join('\n\n')}\n`;
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** A fence that is longer than any inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
