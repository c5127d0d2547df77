import type { ChatMessage } from '../../chat/chat.ts';
import { isPart } from '../history/content-part.ts';
import { isMessage } from '../history/map-messages.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

const LINE = 'Answer with a JSON object and nothing else.';

function mentionsJson({ content }: ChatMessage): boolean {
  const texts = Array.isArray(content)
    ? content.map((part: unknown) => (isPart(part) ? part['text'] : part))
    : [content];
  return texts.some((text) => typeof text === 'string' && /json/i.test(text));
}

export const jsonWord: Rule = {
  id: 'json-word',
  title: { en: 'JSON mode wants the word', zh: 'JSON 模式须在提示中说明' },
  why: '`response_format: json_object` without the word JSON in a message leaves the model unguided, and it may write white space up to the cap. A system line behind the first system messages says it.',
  source: 'platform openapi.json (K2.6 copy), response_format; Kimi-Vendor-Verifier test_response_format',
  seen: '2026-09-02',
  when: isKimiApi,
  request: {
    reads: ['messages', 'response_format'],
    trigger: { text: { within: 'response_format', text: '"json_object"' } },
    apply(request, { note }) {
      const { messages, response_format: format } = request;
      if (!isPart(format) || format['type'] !== 'json_object' || !Array.isArray(messages)) return request;
      const known = messages.filter(isMessage);
      if (known.some(mentionsJson)) return request;
      const behind = messages.findIndex((message: ChatMessage) => message?.role !== 'system');
      const place = behind === -1 ? messages.length : behind;
      note('system line about JSON added');
      return { ...request, messages: messages.toSpliced(place, 0, { role: 'system', content: LINE }) };
    },
  },
};
