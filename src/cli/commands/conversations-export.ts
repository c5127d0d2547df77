import { writeFileSync } from 'node:fs';
import { conversationPath } from '../call-json.ts';
import { failureOf } from '../chat/refusal.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, Failure, notOneOf, textOption, UsageError } from '../command.ts';
import { openEndpoint } from '../endpoint.ts';

export const conversationsExport: Command = {
  args: '<id>',
  options: [
    {
      flags: '--format <json|markdown>',
      summary: { en: 'the form (default: markdown)', zh: '格式（默认：markdown）' },
    },
    {
      flags: '--output <file>',
      summary: {
        en: 'a file that does not exist yet (default: standard output)',
        zh: '写入一个尚不存在的文件（默认：标准输出）',
      },
    },
    ...ENDPOINT_OPTIONS,
  ],
  examples: [
    {
      line: 'moongate conversations export film --output film.md',
      what: { en: 'a conversation to read', zh: '导出成可以阅读的文档' },
    },
  ],
  async run({ stdout }, values, [id = '']) {
    const format = textOption(values, 'format') ?? 'markdown';
    if (format !== 'json' && format !== 'markdown')
      throw new UsageError(notOneOf('--format', ['json', 'markdown'], format));
    const endpoint = await openEndpoint(values);
    try {
      const response = await endpoint.call(conversationPath(id, `/export?format=${format}`));
      if (!response.ok) throw await failureOf(response);
      const text = await response.text();
      const output = textOption(values, 'output');
      if (output === undefined) stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      else write(output, text);
      return EXIT.ok;
    } finally {
      await endpoint.close();
    }
  },
};

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new Failure(
      {
        en: `${file} cannot be written: ${isThere ? 'it exists already' : String(cause)}.`,
        zh: `无法写入 ${file}：${isThere ? '文件已存在' : String(cause)}。`,
      },
      { cause },
    );
  }
}
