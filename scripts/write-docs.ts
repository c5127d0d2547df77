/** Writes the pages that are made from code; with --check it only says which of them are out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCliReference } from '../src/cli/reference.ts';
import { renderConfigReference } from '../src/config/index.ts';
import { renderCoverage } from './render-coverage.ts';
import { renderDialect } from './render-dialect.ts';
import { renderErrors } from './render-errors.ts';
import { renderMigrate } from './render-migrate.ts';
import { renderModels } from './render-models.ts';
import { renderQuirks } from './render-quirks.ts';
import { renderVerify } from './render-verify.ts';

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/cli.md': () => renderCliReference('en'),
  'docs/cli.zh-CN.md': () => renderCliReference('zh'),
  'docs/configuration.md': renderConfigReference,
  'docs/coverage.md': renderCoverage,
  'docs/dialect.md': renderDialect,
  'docs/errors.md': renderErrors,
  'docs/migrate.md': () => renderMigrate('en'),
  'docs/migrate.zh-CN.md': () => renderMigrate('zh'),
  'docs/models.md': renderModels,
  'docs/quirks.md': renderQuirks,
  'docs/verify.md': () => renderVerify('en'),
  'docs/verify.zh-CN.md': () => renderVerify('zh'),
};

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
let stale = 0;

for (const [page, render] of Object.entries(PAGES)) {
  const path = join(root, page);
  const text = await render();
  if (!check) writeFileSync(path, text);
  else if (readOrNothing(path) !== text) {
    stale++;
    console.error(`${page} is out of date: npm run docs`);
  }
}
process.exitCode = stale > 0 ? 1 : 0;

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
