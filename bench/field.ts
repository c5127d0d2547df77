import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Candidate, KEY, type Started, untilServing } from './candidates.ts';
import type { Program } from './program.ts';
import { type RequestName, requestBody } from './requests.ts';
import type { Upstream } from './upstream-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'moongate-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let places = 0;

/** A fresh folder below one that goes away with the process. */
export function newFolder(): string {
  return join(folder, String(++places));
}

/** A candidate that serves, or the upstream itself as `direct`. */
export interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly program: Program;
  readonly headers: Readonly<Record<string, string>>;
}

export async function startContestant(candidate: Candidate, upstream: Upstream, dist: string): Promise<Contestant> {
  const started = await candidate.start({ upstream: upstream.origin, folder: newFolder(), dist });
  return serving(candidate, started, upstream);
}

async function serving(candidate: Candidate, started: Started, upstream: Upstream): Promise<Contestant> {
  const headers = headersFor(candidate, upstream);
  await untilServing(started, fetchInit('small', headers));
  return { name: candidate.name, ...started, headers };
}

export function direct(upstream: Upstream): Contestant {
  return { name: 'direct', port: upstream.port, program: upstream.program, headers: headersFor({}, upstream) };
}

export function headersFor({ headers, toUpstream }: Partial<Candidate>, upstream: Upstream): Record<string, string> {
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${KEY}`,
    accept: '*/*',
    'user-agent': 'moongate-bench',
    ...headers,
    ...(toUpstream === undefined ? {} : { [toUpstream]: `${upstream.origin}/v1` }),
  };
}

export function fetchInit(name: RequestName, headers: Readonly<Record<string, string>>): RequestInit {
  return { method: 'POST', headers, body: requestBody(name) };
}

/** The bytes of the whole request, as the load sends them. */
export function renderRequest({ port, headers }: Contestant, name: RequestName): Buffer {
  const body = requestBody(name);
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers, 'content-length': String(body.length) });
  const head = `POST /v1/chat/completions HTTP/1.1\r\n${lines.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
