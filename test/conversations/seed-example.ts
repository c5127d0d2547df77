import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.ts';
import { platform, type Settings } from '../setup.ts';

export const CODE_KEY = 'sk-kimi-rig-0123456789abcdef';
export const WEB_TOKEN = 'sim-web-refresh-owner';

/** The seed's example: the second question can only be answered by somebody who has heard the first. */
export const FIRST =
  'Who directed "Spring in a Small Town"?\nsim: say Fei Mu did, in 1948.\nsim: turn 2\nsim: say Fei Mu was born in 1906.';
export const SECOND = 'When was the director of this film born?';
export const ANSWERS = ['Fei Mu did, in 1948.', 'Fei Mu was born in 1906.'] as const;

export interface SurfaceCase {
  readonly name: string;
  readonly surface: string;
  readonly model: string;
  surfaces(simulator: Simulator): Settings;
  readonly headers?: Readonly<Record<string, string>>;
}

const only =
  (id: string) =>
  (simulator: Simulator): Settings => ({ [id]: platform(simulator)[id] });

const web =
  (protocol: string) =>
  ({ webBaseUrl }: Simulator): Settings => ({
    'kimi-web': { base_url: webBaseUrl, protocol, credentials: [{ key: WEB_TOKEN }] },
  });

const code =
  (face: string) =>
  ({ codeBaseUrl }: Simulator): Settings => ({
    'kimi-code': { base_url: codeBaseUrl, face, credentials: [{ key: CODE_KEY }] },
  });

export const SURFACES: readonly SurfaceCase[] = [
  { name: 'moonshot-cn', surface: 'moonshot-cn', model: 'kimi-k2.6', surfaces: only('moonshot-cn') },
  { name: 'moonshot-ai', surface: 'moonshot-ai', model: 'kimi-k2.6', surfaces: only('moonshot-ai') },
  { name: 'kimi-code, Anthropic face', surface: 'kimi-code', model: 'k3', surfaces: code('anthropic') },
  {
    name: 'kimi-code, OpenAI face',
    surface: 'kimi-code',
    model: 'k3',
    surfaces: code('openai'),
    headers: { 'user-agent': 'kimi-code-cli/2.1.0' },
  },
  { name: 'kimi-web, connect', surface: 'kimi-web', model: 'k2', surfaces: web('connect') },
  { name: 'kimi-web, classic', surface: 'kimi-web', model: 'k2', surfaces: web('classic') },
  {
    name: 'compatible',
    surface: 'other',
    model: 'kimi-k2.6',
    surfaces: (simulator) => ({
      other: {
        type: 'compatible',
        base_url: simulator.cnBaseUrl,
        credentials: [{ key: 'sk-rig-cn-0f8e7d6c5b4a39281706' }],
      },
    }),
  },
];

export const CODE_ACCOUNT: NonNullable<SimulatorOptions['accounts']>[number] = { keys: CODE_KEY, host: 'code' };

/** A folder that goes with the test. */
export class DataFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'moongate-conversations-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
