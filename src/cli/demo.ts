import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadedConfig, loadConfig } from '../config/index.ts';

export interface Demo {
  /** The configuration of the demo: the platform's two hosts are the simulator, nothing else is read. */
  load(flags: Readonly<Record<string, unknown>>): LoadedConfig;
  close(): Promise<void>;
}

/** Pieces of a demo answer come at about the pace of a real one. */
const PACE_MS = 15;

export async function startDemo(): Promise<Demo> {
  const { startSimulator } = await import('../simulator/index.ts');
  const simulator = await startSimulator({ pace: PACE_MS });
  // What the simulator answers does not belong into the owner's ledger, nor may it meet the owner's stored credentials.
  const data = mkdtempSync(join(tmpdir(), 'moongate-demo-'));
  const env = {
    MOONGATE_DATA: data,
    MOONSHOT_API_KEY_CN: 'sk-sim-cn',
    MOONSHOT_API_KEY_AI: 'sk-sim-ai',
    MOONGATE_MOONSHOT_CN_BASE_URL: simulator.cnBaseUrl,
    MOONGATE_MOONSHOT_AI_BASE_URL: simulator.aiBaseUrl,
  };
  return {
    // Neither the owner's files nor keys: a demo must not spend anything.
    load: (flags) => loadConfig({ env, flags, cwd: import.meta.dirname }),
    async close() {
      await simulator.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
