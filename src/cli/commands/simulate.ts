import type { Simulator } from '../../simulator/index.ts';
import { headings } from '../columns.ts';
import { type Command, EXIT, Failure, numberOption, textOption } from '../command.ts';
import { type Language, type Phrase, phrase } from '../language.ts';
import { table } from '../table.ts';

const DEFAULT_PORT = '8765';

export const simulate: Command = {
  details: {
    en: 'The simulator enforces the rules of the surfaces; what it answers can be scripted in the prompt: docs/simulator.md.',
    zh: '模拟器执行与各接入面相同的规则；回答内容可在提示词中编写脚本控制，见 docs/simulator.md。',
  },
  options: [
    {
      flags: '--port <number>',
      summary: {
        en: `where to listen on 127.0.0.1; 0 takes any free port (default: ${DEFAULT_PORT})`,
        zh: `在 127.0.0.1 监听的端口，0 表示任意空闲端口（默认：${DEFAULT_PORT}）`,
      },
    },
    {
      flags: '--pace <ms>',
      summary: {
        en: 'milliseconds between the pieces of a stream (default: 0)',
        zh: '流式片段之间的毫秒数（默认：0）',
      },
    },
    {
      flags: '--verbose',
      summary: { en: 'write a line for each request to standard error', zh: '每个请求在标准错误输出一行' },
    },
  ],
  examples: [
    {
      line: 'moongate simulate --pace 20',
      what: { en: 'answers that arrive as fast as real ones', zh: '以接近真实的速度返回回答' },
    },
  ],
  async run({ stdout, stderr, language }, values) {
    const port = numberOption(textOption(values, 'port') ?? DEFAULT_PORT, '--port', { least: 0, most: 65_535 });
    const pace = numberOption(textOption(values, 'pace') ?? '0', '--pace', { least: 0, most: 60_000 });
    const log = values['verbose'] === true ? (line: string) => stderr.write(`${line}\n`) : undefined;
    const stopped = stopSignal();
    const simulator = await start(port, pace, log);
    stdout.write(phrase(introduction(simulator), language));
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
    throw new Failure(
      {
        en: `Cannot listen: port ${port} is taken, perhaps by another simulator; choose another with --port.`,
        zh: `无法监听：端口 ${port} 已被占用，可能是另一个模拟器；请用 --port 换一个。`,
      },
      { cause },
    );
  }
}

function introduction(simulator: Simulator): Phrase {
  const { url, cnBaseUrl } = simulator;
  const call = [
    `  curl -N ${cnBaseUrl}/chat/completions -H "authorization: Bearer sk-sim-cn" -H "content-type: application/json" \\`,
    `    -d '{"model":"kimi-k2.6","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
  ].join('\n');
  const gateway = `  MOONSHOT_API_KEY_CN=sk-sim-cn MOONGATE_MOONSHOT_CN_BASE_URL=${cnBaseUrl} moongate serve`;
  return {
    en: `The simulator of Kimi's surfaces listens on ${url}. Nothing it says comes from Kimi.

${places(simulator, 'en')}
Try it:
${call}

Put a gateway before it:
${gateway}

Ctrl-C stops it.
`,
    zh: `Kimi 各接入面的模拟器正在监听 ${url}。它的回答都不是来自 Kimi。

${places(simulator, 'zh')}
试一下：
${call}

在前面运行网关：
${gateway}

按 Ctrl-C 停止。
`,
  };
}

function places({ cnBaseUrl, aiBaseUrl, codeBaseUrl, webBaseUrl }: Simulator, language: Language): string {
  const rows = [
    ['https://api.moonshot.cn/v1', cnBaseUrl, 'sk-sim-cn'],
    ['https://api.moonshot.ai/v1', aiBaseUrl, 'sk-sim-ai'],
    ['https://api.kimi.com/coding', codeBaseUrl.replace(/\/v1$/, ''), 'sk-kimi-sim'],
    ['https://www.kimi.com', webBaseUrl, 'sim-web-refresh-owner'],
  ];
  const lines = table(headings(['INSTEAD OF', 'BASE URL', 'KEY OR TOKEN'], language), rows);
  return lines.replaceAll(/^(?=.)/gm, '  ');
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
