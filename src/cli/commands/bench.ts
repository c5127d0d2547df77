import { isAgreed } from '../ask.ts';
import { benchReport, benchTable } from '../bench/report.ts';
import { runLoad } from '../bench/run-load.ts';
import { type Command, ENDPOINT_OPTIONS, EXIT, JSON_OPTION, numberOption, textOption } from '../command.ts';
import { type Endpoint, informedSoon, openEndpoint } from '../endpoint.ts';
import { phrase } from '../language.ts';
import { progressOf } from '../progress.ts';

const DEFAULT_PROMPT = 'Answer with one word.';

export const bench: Command = {
  details: {
    en: [
      'Sends the same small chat request again and again, a few at a time, and tells how long answers took and what the gateway',
      'itself has cost of it. Where the simulator answers it begins at once; everywhere else it costs money and quota, so it',
      'asks first, or takes --yes. Ctrl-C ends it with what was measured so far. Exit code 1 if a request failed.',
    ].join('\n'),
    zh: [
      '反复发送同一个小的聊天请求，统计回答耗时以及网关自身的开销。由模拟器回答时立即开始；',
      '否则会产生费用和占用额度，因此先询问，或使用 --yes。Ctrl-C 结束并给出已有结果。有请求失败时退出码为 1。',
    ].join('\n'),
  },
  options: [
    {
      flags: '-n, --requests <number>',
      summary: { en: 'how many, up to 100000 (default: 20)', zh: '请求数，最多 100000（默认：20）' },
    },
    {
      flags: '-c, --concurrency <number>',
      summary: { en: 'how many at a time, up to 1000 (default: 2)', zh: '并发数，最多 1000（默认：2）' },
    },
    { flags: '--stream', summary: { en: 'ask for streams', zh: '使用流式请求' } },
    { flags: '--model <name>', summary: { en: 'a model or an alias (default: k25)', zh: '模型或别名（默认：k25）' } },
    {
      flags: '--prompt <text>',
      summary: { en: `the question (default: "${DEFAULT_PROMPT}")`, zh: `问题（默认："${DEFAULT_PROMPT}"）` },
    },
    {
      flags: '--max-tokens <number>',
      summary: { en: 'the longest answer (default: 16)', zh: '回答的最大 token 数（默认：16）' },
    },
    JSON_OPTION,
    { flags: '--yes', summary: { en: 'agree to what it costs', zh: '同意产生的费用，不再询问' } },
    ...ENDPOINT_OPTIONS,
  ],
  examples: [
    {
      line: 'moongate bench --demo -n 200 -c 8',
      what: { en: 'the gateway alone, in process', zh: '仅测试网关，在本进程内' },
    },
    {
      line: 'moongate bench --url http://127.0.0.1:8000 --stream',
      what: { en: 'a running gateway', zh: '测试运行中的网关' },
    },
  ],
  async run(terminal, values) {
    const requests = numberOption(textOption(values, 'requests') ?? '20', '--requests', { least: 1, most: 100_000 });
    const concurrency = numberOption(textOption(values, 'concurrency') ?? '2', '--concurrency', {
      least: 1,
      most: 1_000,
    });
    const endpoint = await openEndpoint(values);
    const left = new AbortController();
    const leave = () => left.abort();
    try {
      if (!(await isFree(endpoint, values)) && !(await isAgreed(terminal, values, costs(requests, endpoint)))) {
        return EXIT.failed;
      }
      await informedSoon(endpoint);
      process.once('SIGINT', leave);
      const progress = progressOf(terminal);
      const begun = performance.now();
      const onSample = (count: number) => progress.show(`${count}/${requests}`);
      const body = requestOf(values);
      const samples = await runLoad(endpoint, { requests, concurrency, body, signal: left.signal, onSample });
      progress.end();
      const report = benchReport(samples, (performance.now() - begun) / 1000);
      const isJson = values['json'] === true;
      terminal.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : benchTable(report, terminal.language));
      return report.failed > 0 || samples.length === 0 ? EXIT.failed : EXIT.ok;
    } finally {
      process.off('SIGINT', leave);
      await endpoint.close();
    }
  },
};

function requestOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const most = numberOption(textOption(values, 'maxTokens') ?? '16', '--max-tokens', { least: 1, most: 1_000_000 });
  return {
    model: textOption(values, 'model') ?? 'k25',
    messages: [{ role: 'user', content: textOption(values, 'prompt') ?? DEFAULT_PROMPT }],
    max_completion_tokens: most,
    ...(values['stream'] === true ? { stream: true } : {}),
  };
}

/** A gateway in front of the simulator says so. */
async function isFree(endpoint: Endpoint, values: Readonly<Record<string, unknown>>): Promise<boolean> {
  if (values['demo'] === true) return true;
  const response = await endpoint.call('/healthz');
  const body: unknown = await response.json().catch(() => undefined);
  return typeof body === 'object' && body !== null && 'mode' in body && body.mode === 'demo';
}

const costs = (requests: number, { label }: Endpoint) => ({
  en: `Send ${requests} requests to ${phrase(label, 'en')}? What serves there may cost money and quota.`,
  zh: `向 ${phrase(label, 'zh')} 发送 ${requests} 个请求？可能产生费用并占用额度。`,
});
