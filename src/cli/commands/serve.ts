import type { AddressInfo } from 'node:net';
import { systemClock } from '../../clock.ts';
import {
  checkListen,
  configNotices,
  type LoadedConfig,
  loadConfig,
  missingCredentialsAdvice,
  needsIssuedKeys,
  watchConfig,
} from '../../config/index.ts';
import { Gateway } from '../../gateway.ts';
import { createLog, type Log } from '../../log.ts';
import { LogTail } from '../../log-tail.ts';
import type { NodeServer } from '../../server/node.ts';
import { banner } from '../banner.ts';
import { tuneCollector } from '../collector.ts';
import { CONFIG_OPTIONS, type Command, EXIT, Failure, type Terminal } from '../command.ts';
import { type Demo, startDemo } from '../demo.ts';
import type { Phrase } from '../language.ts';

export const serve: Command = {
  details: {
    en: 'Stops on SIGINT and SIGTERM after running answers have ended; a second signal stops at once. SIGHUP reads the configuration anew.',
    zh: '收到 SIGINT 或 SIGTERM 后，等正在进行的回答结束再停止；第二次信号立即停止。SIGHUP 重新读取配置。',
  },
  options: [
    ...CONFIG_OPTIONS,
    {
      flags: '--listen <host:port>',
      summary: { en: 'where to listen (default: 127.0.0.1:8000)', zh: '监听地址（默认：127.0.0.1:8000）' },
    },
    {
      flags: '--demo',
      summary: { en: 'answer from the built-in simulator; no account needed', zh: '由内置模拟器回答，无需账号' },
    },
  ],
  examples: [
    {
      line: 'moongate serve',
      what: {
        en: 'with moongate.yaml, .env and the environment of this folder',
        zh: '使用当前目录的 moongate.yaml、.env 和环境变量',
      },
    },
    { line: 'moongate serve --demo', what: { en: 'without an account', zh: '无需账号' } },
  ],
  async run(terminal, values) {
    tuneCollector();
    const demo = values['demo'] === true ? await startDemo() : undefined;
    const load = () => loadWith(values, demo);
    const loaded = load();
    const { config } = loaded;
    const pretty = config.log.format === 'pretty' || (config.log.format === 'auto' && terminal.stderr.isTTY === true);
    const tail = new LogTail();
    const log = createLog({ level: config.log.level, pretty, tail });
    for (const warning of [...loaded.warnings, ...configNotices(config).map(({ en }) => en)]) log.warn({}, warning);
    const gateway = new Gateway({ config, log, logs: tail, simulated: demo !== undefined });
    await checkKeys(loaded, gateway);
    const node = gateway.createServer();
    const address = await listen(node, config.listen);
    const watch = watchConfig({
      current: loaded,
      load,
      clock: systemClock,
      onChange: ({ after, changed, restart }) => {
        gateway.reconfigure(after.config);
        log.info({ changed, ...(restart.length > 0 ? { needs_restart: restart } : {}) }, 'configuration reloaded');
      },
      onError: (error) => log.error({ why: error.message }, 'the new configuration is broken; the old one stays'),
    });
    process.on('SIGHUP', () => watch.reload());
    const stopped = stopSignal();
    // Last: who reads that it listens may send signals.
    terminal.stdout.write(
      banner({
        address,
        config,
        demo: demo !== undefined,
        advice: adviceOf(gateway),
        language: terminal.language,
      }),
    );
    await stopped;
    await shutDown({ node, gateway, log, watch, demo, stopMs: config.timeouts.stop_ms });
    return EXIT.ok;
  },
};

/** Why nothing can be served; what the gateway has found out itself stays in its own words. */
function adviceOf({ runtime: { advice, config } }: Gateway): Phrase | undefined {
  const missing = missingCredentialsAdvice(config);
  return missing?.en === advice ? missing : advice;
}

function loadWith(values: Readonly<Record<string, unknown>>, demo: Demo | undefined): LoadedConfig {
  const flags = { listen: values['listen'], data: values['data'] };
  const file = typeof values['config'] === 'string' ? values['config'] : undefined;
  return demo ? demo.load(flags) : loadConfig({ file, flags });
}

/** Where others can reach the address somebody must have a key. */
async function checkKeys(loaded: LoadedConfig, gateway: Gateway): Promise<void> {
  if (!needsIssuedKeys(loaded.config)) return;
  await gateway.keys.ring.start();
  try {
    checkListen(loaded, gateway.keys.ring.issued);
  } catch (thrown) {
    await gateway.close();
    throw thrown;
  }
}

async function listen({ server }: NodeServer, { host, port }: { host: string; port: number }): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(host, port, cause)));
    server.listen(port, host, resolve);
  });
  const { address, port: bound } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${bound}`;
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): Failure {
  if (cause.code !== 'EADDRINUSE') {
    return new Failure({ en: `Cannot listen: ${cause.message}.`, zh: `无法监听：${cause.message}。` }, { cause });
  }
  return new Failure(
    {
      en: `Cannot listen: port ${port} on ${host} is taken, perhaps by another moongate; stop that one, or choose another with --listen ${host}:${port + 1}.`,
      zh: `无法监听：${host} 的端口 ${port} 已被占用，可能是另一个 moongate；请先停止它，或用 --listen ${host}:${port + 1} 换一个端口。`,
    },
    { cause },
  );
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

interface Running {
  readonly node: NodeServer;
  readonly gateway: Gateway;
  readonly log: Log;
  readonly watch: { close(): void };
  readonly demo: Demo | undefined;
  readonly stopMs: number;
}

async function shutDown({ node, gateway, log, watch, demo, stopMs }: Running): Promise<void> {
  log.info({}, 'stopping: running answers may finish');
  // A second signal means now.
  process.once('SIGINT', () => process.exit(EXIT.failed));
  process.once('SIGTERM', () => process.exit(EXIT.failed));
  watch.close();
  await node.stop(stopMs);
  await gateway.close();
  await demo?.close();
  log.info({}, 'stopped');
  log.flush();
  process.exitCode = EXIT.ok;
}

export type { Terminal };
