import { callJson, conversationPath } from '../call-json.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, JSON_OPTION, textOption } from '../command.ts';
import { openEndpoint } from '../endpoint.ts';
import { plainText } from '../plain-text.ts';

export const conversationsFork: Command = {
  args: '<id>',
  details: {
    en: 'A conversation of its own that begins like this one. Prints its id.',
    zh: '以这个对话为开头，另开一个独立的对话，并输出它的 id。',
  },
  options: [
    {
      flags: '--at <message>',
      summary: { en: 'the last message that it has (default: all of them)', zh: '保留到哪条消息为止（默认：全部）' },
    },
    {
      flags: '--as <id>',
      summary: { en: 'its id (default: chosen by the gateway)', zh: '新对话的 id（默认：由网关生成）' },
    },
    { flags: '--title <title>', summary: { en: 'its title (default: the same)', zh: '标题（默认：不变）' } },
    JSON_OPTION,
    ...ENDPOINT_OPTIONS,
  ],
  examples: [
    {
      line: 'moongate conversations fork film --as film-2 --at msg_x1_1',
      what: { en: 'another way to go on from there', zh: '从那里换一个走向' },
    },
  ],
  async run({ stdout }, values, [id = '']) {
    const order = { at: textOption(values, 'at'), id: textOption(values, 'as'), title: textOption(values, 'title') };
    const endpoint = await openEndpoint(values);
    try {
      const fork = await callJson(endpoint, conversationPath(id, '/fork'), 'POST', order);
      stdout.write(
        values['json'] === true ? `${JSON.stringify(fork, null, 2)}\n` : `${plainText(String(fork['id']))}\n`,
      );
      return EXIT.ok;
    } finally {
      await endpoint.close();
    }
  },
};
