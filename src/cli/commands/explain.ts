import { createReadStream } from 'node:fs';
import { loadConfig } from '../../config/index.ts';
import { GatewayError } from '../../errors.ts';
import { collect } from '../../stream/byte-source.ts';
import { CONFIG_OPTIONS, type Command, EXIT, type Terminal, textOption } from '../command.ts';
import { explainRequest } from '../explain/explain-request.ts';
import { explanationObject, renderExplanation } from '../explain/render.ts';

export const explain: Command = {
  args: '<file>',
  details: [
    'The file holds the body of a POST /v1/chat/completions; `-` is standard input. Nothing is sent and nobody is asked:',
    'the models are those of the built-in catalogue. A request that the gateway would refuse fails with the same words.',
  ].join('\n'),
  options: [...CONFIG_OPTIONS, { flags: '--json', summary: 'print the explanation as JSON' }],
  examples: [
    { line: 'moongate explain request.json', what: 'what becomes of a request' },
    {
      line: `echo '{"model":"gpt-4o","temperature":0.2,"messages":[{"role":"user","content":"Hi"}]}' | moongate explain -`,
      what: 'from a pipe',
    },
  ],
  async run({ stdin, stdout }, values, [file = '-']) {
    const { config } = loadConfig({ file: textOption(values, 'config'), flags: { data: values['data'] } });
    const body = await read(file, stdin, config.limits.body_bytes);
    const explained = await explainRequest(body, config);
    const text =
      values['json'] === true
        ? `${JSON.stringify(explanationObject(explained), null, 2)}\n`
        : renderExplanation(explained);
    stdout.write(text);
    return EXIT.ok;
  },
};

async function read(file: string, stdin: Terminal['stdin'], limit: number): Promise<Buffer> {
  const source = file === '-' ? stdin : createReadStream(file);
  const tooLarge = () =>
    new GatewayError('request_too_large', { message: `The request body is larger than ${limit} bytes.` });
  try {
    return await collect(source as AsyncIterable<Buffer>, limit, tooLarge);
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    const why = 'code' in cause && cause.code === 'ENOENT' ? 'there is no such file' : cause.message;
    throw new GatewayError('invalid_request', { message: `${file} cannot be read: ${why}.`, cause });
  }
}
