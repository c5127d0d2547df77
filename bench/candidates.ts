import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../src/cli/collector.ts';
import { RULES } from '../src/dialect/rules/index.ts';
import { freePort, Program, sleep } from './program.ts';

/** Something that forwards requests to the upstream, or the upstream itself. */
export interface Candidate {
  readonly name: string;
  /** What clients have to send besides. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The header by which a client names the upstream's address. */
  readonly toUpstream?: string;
  /** Why it cannot take part; undefined: it can. */
  missing?(): string | undefined;
  start(place: Place): Promise<Started>;
}

export interface Place {
  readonly upstream: string;
  /** An empty folder for its files. */
  readonly folder: string;
  /** The folder with moongate's build. */
  readonly dist: string;
}

export interface Started {
  /** What it printed. */
  readonly log: string;
  readonly port: number;
  readonly program: Program;
}

export const KEY = 'sk-bench-0123456789abcdef';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Nothing of the user's own settings may reach a candidate. */
const ENV = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' };

export const BARE: Candidate = {
  name: 'bare',
  start: ({ upstream, folder }) =>
    launch(process.execPath, folder, (port) => [here('./bare.ts'), String(port), upstream]),
};

/** The cheapest pass-through that Node can do; what the idiomatic one leaves on the table. */
const LEAN: Candidate = {
  name: 'lean',
  start: ({ upstream, folder }) =>
    launch(process.execPath, folder, (port) => [here('./lean.ts'), String(port), upstream]),
};

const NGINX: Candidate = {
  name: 'nginx',
  missing: () => (nginxPath() === undefined ? 'not installed: apt-get install nginx' : undefined),
  async start({ upstream, folder }) {
    return launch(nginxPath() ?? 'nginx', folder, (port) => {
      writeFileSync(join(folder, 'nginx.conf'), nginxConfig(port, upstream, folder));
      return ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
    });
  },
};

const PORTKEY: Candidate = {
  name: 'portkey',
  headers: { 'x-portkey-provider': 'openai' },
  toUpstream: 'x-portkey-custom-host',
  missing: () => (existsSync(PORTKEY_SERVER) ? undefined : 'not installed: npm ci --prefix bench --ignore-scripts'),
  start: ({ folder }) => launch(process.execPath, folder, (port) => [PORTKEY_SERVER, '--headless', `--port=${port}`]),
};
const PORTKEY_SERVER = here('./node_modules/@portkey-ai/gateway/build/start-server.js');

export const MOONGATE = moongate('moongate');

/** What the rules cost a request that needs none of them, and what the book-keeping costs every one. */
const PARTS_OF_IT: readonly Candidate[] = [
  moongate('no-rules', `dialect: { disabled: [ ${RULES.map(({ id }) => id).join(', ')} ] }\n`),
  moongate('no-ledger', 'ledger: { enabled: false }\n'),
];

/** `settings`: further lines of its configuration. */
function moongate(name: string, settings = ''): Candidate {
  return {
    name,
    start: ({ upstream, folder, dist }) =>
      launch(process.execPath, folder, (port) => {
        writeFileSync(join(folder, 'moongate.yaml'), `${moongateConfig(port, upstream)}${settings}`);
        return [...NODE_FLAGS, join(dist, 'cli.js'), 'serve'];
      }),
  };
}

/** In the order of the tables. */
export const CANDIDATES: readonly Candidate[] = [BARE, LEAN, NGINX, PORTKEY, MOONGATE, ...PARTS_OF_IT];

/** Installs what bench/package.json names, unless it is there. */
export function installPortkey(): void {
  if (existsSync(PORTKEY_SERVER)) return;
  try {
    execFileSync('npm', ['ci', '--prefix', here('.'), '--ignore-scripts', '--no-audit', '--no-fund'], {
      stdio: 'ignore',
    });
  } catch {
    // No network: it is listed as missing.
  }
}

async function launch(command: string, folder: string, args: (port: number) => string[]): Promise<Started> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'output.log');
  const output = openSync(log, 'w');
  const program = new Program(command, args(port), { cwd: folder, env: ENV, stdio: ['ignore', output, output] });
  closeSync(output);
  return { port, program, log };
}

/** Asks until it answers; fails when it has ended or after ten seconds. */
export async function untilServing({ port, program, log }: Started, request: RequestInit): Promise<void> {
  const until = performance.now() + 10_000;
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, request);
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    if (!program.alive || performance.now() > until) {
      throw new Error(`a candidate did not begin to serve: ${readFileSync(log, 'utf8').slice(0, 1_000)}`);
    }
    await sleep(3);
  }
}

function nginxPath(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'nginx')).find((path) => existsSync(path));
}

function nginxConfig(port: number, upstream: string, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `daemon off; master_process off; pid ${join(folder, 'nginx.pid')}; error_log ${join(folder, 'error.log')} warn;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
  access_log off; ${temporary.join(' ')}
  client_max_body_size 32m; client_body_buffer_size 256k; keepalive_requests 1000000;
  upstream surface { server ${new URL(upstream).host}; keepalive 512; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://surface; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_buffer_size 32k; proxy_buffers 8 32k;
    }
  }
}
`;
}

function moongateConfig(port: number, upstream: string): string {
  return `listen: 127.0.0.1:${port}
data: ./data
surfaces:
  moonshot-cn:
    base_url: ${upstream}/v1
    credentials: [ { key: ${KEY} } ]
routes: { default: [ moonshot-cn ] }
`;
}
