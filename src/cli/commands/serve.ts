import type { AddressInfo } from 'node:net';
import { systemClock } from '../../clock.ts';
import {
  checkListen,
  configNotices,
  type LoadedConfig,
  loadConfig,
  needsIssuedKeys,
  watchConfig,
} from '../../config/index.ts';
import { GatewayError } from '../../errors.ts';
import { Gateway } from '../../gateway.ts';
import { createLog, type Log } from '../../log.ts';
import type { NodeServer } from '../../server/node.ts';
import { banner } from '../banner.ts';
import { CONFIG_OPTIONS, type Command, EXIT, type Terminal } from '../command.ts';
import { type Demo, startDemo } from '../demo.ts';

export const serve: Command = {
  options: [
    ...CONFIG_OPTIONS,
    { flags: '--listen <host:port>', summary: 'where to listen (default: 127.0.0.1:8000)' },
    { flags: '--demo', summary: 'answer from the built-in simulator; no account needed' },
  ],
  async run(terminal, values) {
    const demo = values['demo'] === true ? await startDemo() : undefined;
    const load = () => loadWith(values, demo);
    const loaded = load();
    const { config } = loaded;
    const pretty = config.log.format === 'pretty' || (config.log.format === 'auto' && terminal.stderr.isTTY === true);
    const log = createLog({ level: config.log.level, pretty });
    for (const warning of [...loaded.warnings, ...configNotices(config)]) log.warn({}, warning);
    const gateway = new Gateway({ config, log, simulated: demo !== undefined });
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
    terminal.stdout.write(banner({ address, config, demo: demo !== undefined, advice: gateway.runtime.advice }));
    await stopped;
    await shutDown({ node, gateway, log, watch, demo, stopMs: config.timeouts.stop_ms });
    return EXIT.ok;
  },
};

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

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): GatewayError {
  const why =
    cause.code === 'EADDRINUSE'
      ? `port ${port} on ${host} is taken, perhaps by another moongate; stop that one, or choose another with --listen ${host}:${port + 1}`
      : cause.message;
  return new GatewayError('config_invalid', { message: `Cannot listen: ${why}.`, cause });
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
