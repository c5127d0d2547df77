import { callJson, type Json, rowsOf } from '../call-json.ts';
import { headings } from '../columns.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, JSON_OPTION, numberOption, textOption } from '../command.ts';
import { openEndpoint } from '../endpoint.ts';
import { type Language, phrase } from '../language.ts';
import { plainText } from '../plain-text.ts';
import { table } from '../table.ts';

const MOST = 10_000;
const PAGE = 100;

export const conversationsList: Command = {
  details: {
    en: 'The last used first. The search looks at titles, ids and the words of messages, whatever their case.',
    zh: '最近使用的在前。搜索范围是标题、id 和消息文字，不分大小写。',
  },
  options: [
    { flags: '--search <words>', summary: { en: 'only those that have these words', zh: '只列出含有这些文字的' } },
    { flags: '--limit <n>', summary: { en: 'how many at most (default: 20)', zh: '最多列出多少个（默认：20）' } },
    JSON_OPTION,
    ...ENDPOINT_OPTIONS,
  ],
  examples: [
    { line: 'moongate conversations list', what: { en: 'the last twenty', zh: '最近的二十个' } },
    {
      line: 'moongate conversations list --search invoice --limit 5',
      what: { en: 'where an invoice was spoken of', zh: '谈到过 invoice 的对话' },
    },
  ],
  async run({ stdout, language }, values) {
    const limit = numberOption(textOption(values, 'limit') ?? '20', '--limit', { least: 1, most: MOST });
    const endpoint = await openEndpoint(values);
    try {
      const rows: Json[] = [];
      for (let after: unknown; rows.length < limit; ) {
        const query = new URLSearchParams({ limit: String(Math.min(PAGE, limit - rows.length)) });
        const search = textOption(values, 'search');
        if (search !== undefined) query.set('search', search);
        if (typeof after === 'string') query.set('after', after);
        const page = await callJson(endpoint, `/v1/conversations?${query}`);
        rows.push(...rowsOf(page, 'data'));
        if (page['has_more'] !== true) break;
        after = page['last_id'];
      }
      if (values['json'] === true) stdout.write(`${JSON.stringify({ conversations: rows }, null, 2)}\n`);
      else if (rows.length > 0) stdout.write(listed(rows, language));
      else stdout.write(`${phrase({ en: 'There are none.', zh: '没有对话。' }, language)}\n`);
      return EXIT.ok;
    } finally {
      await endpoint.close();
    }
  },
};

/** The title comes last: its letters may be wider than a column. */
function listed(rows: readonly Json[], language: Language): string {
  return table(
    headings(['ID', 'USED', 'TURNS', 'SIZE', 'MODEL', 'TITLE'], language),
    rows.map((row) => [
      plainText(String(row['id'])),
      new Date(Number(row['updated_at']) * 1000).toISOString().slice(0, 16).replace('T', ' '),
      String(row['turns']),
      `${Math.ceil(Number(row['bytes']) / 1024)}K`,
      plainText(String(row['model'] ?? '')),
      plainText(String(row['title'])),
    ]),
  );
}
