import { writeFileSync } from 'node:fs';
import { GatewayError } from '../../errors.ts';
import { conversationPath } from '../call-json.ts';
import { failureOf } from '../chat/refusal.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, textOption, UsageError } from '../command.ts';
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
      throw new UsageError(`--format is json or markdown, not "${format}".`);
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
    const why =
      cause instanceof Error && 'code' in cause && cause.code === 'EEXIST' ? 'it exists already' : String(cause);
    throw new GatewayError('invalid_request', { message: `${file} cannot be written: ${why}.`, cause });
  }
}
