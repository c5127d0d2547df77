import { ERRORS, type ErrorRow } from '../src/errors.ts';

const RETRIES: Readonly<Record<ErrorRow['retry'], string>> = {
  never: 'no',
  elsewhere: 'with another credential or surface',
  anywhere: 'with another credential or surface, or after a pause',
};

/** docs/errors.md: every code, its status, and what to do. */
export function renderErrors(): string {
  const rows = Object.entries(ERRORS).map(([code, row]: [string, ErrorRow]) => {
    return `| \`${code}\` | ${row.status} | \`${row.type}\` | ${row.message} | ${row.hint ?? ''} | ${RETRIES[row.retry]} |`;
  });
  return `# Errors

A failure reaches the client as an OpenAI error object; the SDKs turn it into their own error classes by its status:

\`\`\`json
{ "error": { "message": "… what is wrong, and what to do", "type": "…", "param": null, "code": "…", "hint": "…", "surface": "…" } }
\`\`\`

\`code\` is one of the rows below and also in the header \`x-moongate-error\`. Where a surface said something, \`message\` keeps
its own words, \`surface\` names it and \`upstream\` holds its status, type and code. \`retry-after\` (seconds) is set where the
surface or a resting credential tells how long to wait. In a stream that has begun the same object comes as a last event
and no \`[DONE]\` follows. \`x-request-id\` is on every answer and in the log.

The gateway itself tries again only while nothing of an answer has reached the client (\`retries\` in the configuration).

This page is made from the code: \`npm run docs\`.

| code | status | type | means | what to do | the gateway tries again |
|---|---:|---|---|---|---|
${rows.join('\n')}
`;
}
