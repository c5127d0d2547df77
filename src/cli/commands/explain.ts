import { createReadStream } from 'node:fs';
import { loadConfig } from '../../config/index.ts';
import { collect } from '../../stream/byte-source.ts';
import { CONFIG_OPTIONS, type Command, EXIT, Failure, type Terminal, textOption, UsageError } from '../command.ts';
import { CLIENT_PROTOCOLS, type ClientProtocol } from '../explain/client-protocol.ts';
import { explainRequest } from '../explain/explain-request.ts';
import { explanationObject, renderExplanation } from '../explain/render.ts';

export const explain: Command = {
  args: '<file>',
  details: {
    en: [
      'The file holds the body of a request; `-` is standard input. Whether it is one for /v1/chat/completions, /v1/messages,',
      '/v1/responses or /v1/completions is told by its shape, or by --protocol. Nothing is sent and nobody is asked: the',
      'models are those of the built-in catalogue, and what earlier responses said is not there. A request that the',
      'gateway would refuse fails with the same words.',
    ].join('\n'),
    zh: [
      '文件内容是一个请求体；`-` 表示标准输入。它属于 /v1/chat/completions、/v1/messages、/v1/responses 还是',
      '/v1/completions，按形状判断，也可用 --protocol 指定。不发送任何内容，也不查询任何服务：模型以内置目录为准，',
      '之前的 response 说过的内容不会出现。网关会拒绝的请求，这里以同样的措辞失败。',
    ].join('\n'),
  },
  options: [
    ...CONFIG_OPTIONS,
    {
      flags: '--protocol <name>',
      summary: {
        en: `in which protocol the request comes: ${Object.keys(CLIENT_PROTOCOLS).join(', ')}`,
        zh: `请求使用的协议：${Object.keys(CLIENT_PROTOCOLS).join('、')}`,
      },
    },
    { flags: '--json', summary: { en: 'print the explanation as JSON', zh: '以 JSON 输出说明' } },
  ],
  examples: [
    {
      line: 'moongate explain --protocol anthropic request.json',
      what: { en: 'the body of a POST /v1/messages', zh: 'POST /v1/messages 的请求体' },
    },
    { line: 'moongate explain request.json', what: { en: 'what becomes of a request', zh: '查看请求会变成什么样' } },
    {
      line: `echo '{"model":"gpt-4o","temperature":0.2,"messages":[{"role":"user","content":"Hi"}]}' | moongate explain -`,
      what: { en: 'from a pipe', zh: '从管道读取' },
    },
  ],
  async run({ stdin, stdout, language }, values, [file = '-']) {
    const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
    const body = await read(file, stdin, config.limits.body_bytes);
    const explained = await explainRequest(body, config, protocolIn(values));
    const text =
      values['json'] === true
        ? `${JSON.stringify(explanationObject(explained), null, 2)}\n`
        : renderExplanation(explained, language);
    stdout.write(text);
    return EXIT.ok;
  },
};

function protocolIn(values: Readonly<Record<string, unknown>>): ClientProtocol | undefined {
  const name = textOption(values, 'protocol');
  const known = Object.keys(CLIENT_PROTOCOLS) as ClientProtocol[];
  const protocol = known.find((one) => one === name);
  if (name === undefined || protocol !== undefined) return protocol;
  throw new UsageError({
    en: `There is no protocol ${name}; there are ${known.join(', ')}.`,
    zh: `没有协议 ${name}；可用的有 ${known.join('、')}。`,
  });
}

async function read(file: string, stdin: Terminal['stdin'], limit: number): Promise<Buffer> {
  const source = file === '-' ? stdin : createReadStream(file);
  const tooLarge = () =>
    new Failure(
      { en: `The request body is larger than ${limit} bytes.`, zh: `请求体超过 ${limit} 字节。` },
      { code: 'request_too_large' },
    );
  try {
    return await collect(source as AsyncIterable<Buffer>, limit, tooLarge);
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    const isAbsent = 'code' in cause && cause.code === 'ENOENT';
    throw new Failure(
      {
        en: `${file} cannot be read: ${isAbsent ? 'there is no such file' : cause.message}.`,
        zh: `无法读取 ${file}：${isAbsent ? '文件不存在' : cause.message}。`,
      },
      { cause },
    );
  }
}
