import type { Client } from '../client.ts';
import { crabAdvice, crabModel, crabModelSettings, crabSettings } from './clawdbot.ts';

export const openclaw: Client = {
  id: 'openclaw',
  title: 'OpenClaw',
  protocol: 'chat',
  model: crabModel,
  source: 'npm openclaw 2026.9.6, docs/providers/moonshot.md, run 2026-11',
  file: { format: 'json5', folder: '.openclaw', variable: 'OPENCLAW_STATE_DIR', names: ['openclaw.json'] },
  settings: crabSettings,
  modelSettings: crabModelSettings,
  advice: crabAdvice('openclaw'),
};
