import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Folder, moongate, type Outcome } from '../cli/moongate.ts';

export interface ReportedFinding {
  readonly outcome: string;
  readonly about: string | null;
  readonly seen: string;
  readonly advice: string | null;
  readonly code: string | null;
  readonly refusal: string | null;
}

export interface Report {
  readonly version: string;
  readonly at: string;
  readonly ok: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly checks: readonly {
    readonly check: string;
    readonly group: string;
    readonly outcome: string;
    readonly did: string;
    readonly ms: number;
    readonly findings: readonly ReportedFinding[];
  }[];
}

export interface Complaint {
  /** The configuration, or the text of its file; undefined: there is none. */
  readonly config?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What must not be seen anywhere. */
  readonly secrets?: readonly string[];
}

/** Runs the built `moongate doctor` in a folder with that configuration. */
export async function doctor({ config, env = {}, args = [], secrets = [] }: Complaint): Promise<Outcome> {
  using folder = new Folder();
  if (config !== undefined) {
    const text = typeof config === 'string' ? config : JSON.stringify({ listen: '127.0.0.1:0', ...(config as object) });
    writeFileSync(join(folder.path, 'moongate.yaml'), text);
  }
  const outcome = await moongate(['doctor', ...args], { cwd: folder.path, env });
  for (const secret of secrets) expect(outcome.stdout + outcome.stderr).not.toContain(secret);
  return outcome;
}

/** The same with `--json`, and its report. */
export async function examined(complaint: Complaint): Promise<Outcome & { readonly report: Report }> {
  const outcome = await doctor({ ...complaint, args: ['--json', ...(complaint.args ?? [])] });
  expect(outcome.stdout, outcome.stderr).toMatch(/^\{/);
  return { ...outcome, report: JSON.parse(outcome.stdout) as Report };
}

export function findingsOf({ checks }: Report, id: string): readonly ReportedFinding[] {
  return checks.find(({ check }) => check === id)?.findings ?? [];
}
