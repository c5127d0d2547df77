import { GatewayError } from '../../errors.ts';
import type { Simulator } from '../../simulator/index.ts';
import { type Command, EXIT, numberOption, textOption } from '../command.ts';

const DEFAULT_PORT = '8765';

export const simulate: Command = {
  details:
    'The simulator enforces the rules of the platform; what it answers can be scripted in the prompt: docs/simulator.md.',
  options: [
    {
      flags: '--port <number>',
      summary: `where to listen on 127.0.0.1; 0 takes any free port (default: ${DEFAULT_PORT})`,
    },
    { flags: '--pace <ms>', summary: 'milliseconds between the pieces of a stream (default: 0)' },
    { flags: '--verbose', summary: 'write a line for each request to standard error' },
  ],
  examples: [{ line: 'moongate simulate --pace 20', what: 'answers that arrive as fast as real ones' }],
  async run({ stdout, stderr }, values) {
    const port = numberOption(textOption(values, 'port') ?? DEFAULT_PORT, '--port', { least: 0, most: 65_535 });
    const pace = numberOption(textOption(values, 'pace') ?? '0', '--pace', { least: 0, most: 60_000 });
    const log = values['verbose'] === true ? (line: string) => stderr.write(`${line}\n`) : undefined;
    const stopped = stopSignal();
    const simulator = await start(port, pace, log);
    stdout.write(introduction(simulator));
    await stopped;
    await simulator.close();
    return EXIT.ok;
  },
};

async function start(port: number, pace: number, log: ((line: string) => void) | undefined): Promise<Simulator> {
  const { startSimulator } = await import('../../simulator/index.ts');
  try {
    return await startSimulator({ port, pace, ...(log === undefined ? {} : { log }) });
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    if (!isTaken) throw cause;
    throw new GatewayError('config_invalid', {
      message: `Cannot listen: port ${port} is taken, perhaps by another simulator; choose another with --port.`,
      cause,
    });
  }
}

function introduction({ url, cnBaseUrl, aiBaseUrl }: Simulator): string {
  return `The simulator of the Moonshot platform listens on ${url}. Nothing it says comes from Kimi.

  instead of                   base URL                        key
  https://api.moonshot.cn/v1   ${cnBaseUrl.padEnd(30)}  sk-sim-cn
  https://api.moonshot.ai/v1   ${aiBaseUrl.padEnd(30)}  sk-sim-ai

Try it:
  curl -N ${cnBaseUrl}/chat/completions -H "authorization: Bearer sk-sim-cn" -H "content-type: application/json" \\
    -d '{"model":"kimi-k2.6","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

Put a gateway before it:
  MOONSHOT_API_KEY_CN=sk-sim-cn MOONGATE_MOONSHOT_CN_BASE_URL=${cnBaseUrl} moongate serve

Ctrl-C stops it.
`;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
