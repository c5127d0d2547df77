import { callJson, conversationPath, type Json, rowsOf } from '../call-json.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, JSON_OPTION } from '../command.ts';
import { openEndpoint } from '../endpoint.ts';
import { plainText } from '../plain-text.ts';

export const conversationsShow: Command = {
  args: '<id>',
  details: {
    en: 'Each message with its id, which `fork --at` takes.',
    zh: '每条消息都带有 id，可用于 `fork --at`。',
  },
  options: [JSON_OPTION, ...ENDPOINT_OPTIONS],
  examples: [{ line: 'moongate conversations show film', what: { en: 'what was said', zh: '对话的内容' } }],
  async run({ stdout }, values, [id = '']) {
    const endpoint = await openEndpoint(values);
    try {
      const shown = await callJson(endpoint, conversationPath(id));
      stdout.write(values['json'] === true ? `${JSON.stringify(shown, null, 2)}\n` : spoken(shown));
      return EXIT.ok;
    } finally {
      await endpoint.close();
    }
  },
};

function spoken(shown: Json): string {
  const messages = rowsOf(shown, 'messages').map((message) => {
    const { role, id, status, content, tool_calls: calls } = message;
    const text = typeof content === 'string' ? content : JSON.stringify(content ?? null);
    const called = Array.isArray(calls) ? `\n${calls.map((call) => JSON.stringify(call)).join('\n')}` : '';
    return `${role}${status === 'partial' ? ' (cut)' : ''}  ${id}\n${text}${called}\n`;
  });
  return plainText(`${shown['title']}\n\n${messages.join('\n')}`);
}
