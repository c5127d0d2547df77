import { callJson, conversationPath } from '../call-json.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, JSON_OPTION } from '../command.ts';
import { openEndpoint } from '../endpoint.ts';
import { phrase } from '../language.ts';
import { plainText } from '../plain-text.ts';

export const conversationsDelete: Command = {
  args: '<ids...>',
  details: {
    en: 'For good. The chat on the web surface that a conversation went on in is deleted too, if the surface can be reached.',
    zh: '不可恢复。如果对话接在网页版的会话上，而网页版可以访问，那个会话也一并删除。',
  },
  options: [JSON_OPTION, ...ENDPOINT_OPTIONS],
  examples: [{ line: 'moongate conversations delete film draft', what: { en: 'two of them', zh: '删除两个' } }],
  async run({ stdout, language }, values, ids) {
    const endpoint = await openEndpoint(values);
    try {
      const deleted = [];
      for (const id of ids) {
        deleted.push(await callJson(endpoint, conversationPath(id), 'DELETE'));
        if (values['json'] === true) continue;
        stdout.write(`${phrase({ en: 'deleted', zh: '已删除' }, language)} ${plainText(id)}\n`);
      }
      if (values['json'] === true) stdout.write(`${JSON.stringify({ deleted }, null, 2)}\n`);
      return EXIT.ok;
    } finally {
      await endpoint.close();
    }
  },
};
