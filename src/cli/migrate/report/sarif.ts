import { VERSION } from '../../../version.ts';
import { type Phrase, phrase } from '../../language.ts';
import type { Check } from '../check.ts';
import type { Finding, Report } from '../finding.ts';
import { titleOf } from './text.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const ROOT = 'SRCROOT';

const say = (words: Phrase): string => phrase(words, 'en');

/** SARIF 2.1.0, as code hosts show it beside the lines. */
export function sarifReport({ findings, skipped }: Report, checks: readonly Check[]): string {
  const run = {
    tool: { driver: { name: 'moongate migrate', semanticVersion: VERSION, rules: checks.map(toRule) } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [ROOT]: { description: { text: 'The folder in which the command was started.' } } },
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: skipped.map(({ path, reason }) => ({
          level: 'note',
          message: { text: `${path} was not read: ${say(reason)}` },
        })),
      },
    ],
    results: findings.map((finding) => toResult(finding, checks)),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function toRule({ id, level, title, why, gateway, remains, link }: Check) {
  return {
    id,
    shortDescription: { text: say(title) },
    fullDescription: { text: say(why) },
    helpUri: link,
    help: { text: `${say(why)}\nmoongate: ${say(gateway)}.\nRemains: ${say(remains)}.` },
    defaultConfiguration: { level },
  };
}

function toResult(finding: Finding, checks: readonly Check[]) {
  const { check, path, start, end } = finding;
  const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  return {
    ruleId: check.id,
    ruleIndex: checks.indexOf(check),
    level: check.level,
    message: { text: `${titleOf(finding, say)}. Remains: ${say(check.remains)}.` },
    locations: [{ physicalLocation: { artifactLocation: locationOf(path), region } }],
  };
}

/** An absolute path has an address of its own; every other one is relative to where the command was started. */
function locationOf(path: string) {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: ROOT };
}
