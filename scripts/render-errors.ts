import { ACTIONS, REFUSALS, type Refusal } from '../src/atlas/index.ts';
import { ERRORS, type ErrorRow } from '../src/errors.ts';

const RETRIES: Readonly<Record<ErrorRow['retry'], string>> = {
  never: 'no',
  surface: 'on another surface',
  elsewhere: 'with another credential or surface',
  anywhere: 'with another credential or surface, or after a pause',
};

const PLACES = { platform: 'platform', coding: 'Kimi Code', web: 'web chat', compatible: 'compatible' } as const;

const cell = (text: string) => text.replaceAll('|', '\\|');

/** How a refusal is recognised: status, identifier, sentence. */
function signs({ status = [], type, code, says, observed }: Refusal): string {
  const identifier = typeof type === 'string' ? `\`${type}\`` : type && `\`${type.source}\``;
  const [sentence] = observed;
  return [
    status.join(', '),
    identifier,
    code && `\`${code}\``,
    sentence && (says ? `“${sentence}”` : `(“${sentence}”)`),
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

function refusalTable(): string {
  const rows = REFUSALS.map((row) => {
    const { on, means, blame, action, cause, advice } = row;
    const cells = [
      on.map((place) => PLACES[place]).join(', '),
      signs(row),
      `\`${means}\``,
      blame,
      `${ACTIONS[action].en}`,
      [`${cause.en}.`, advice?.en].filter(Boolean).join(' '),
      [`${cause.zh}。`, advice?.zh].filter(Boolean).join(''),
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return `| surface | recognised by | becomes | lies with | what the gateway does | means | 中文说明 |
|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

/** docs/errors.md: every code, its status, and what to do; and every refusal of a surface that is known. */
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

## What the surfaces say / 各接入面的报错

Every refusal that is known, how it is recognised, and what is done. Structure comes first: the status and the identifier
(the error's type, the web chat's reason, the code of the Connect protocol). A sentence is compared only within its status,
at its beginning, and where structure leaves something open; sentences in parentheses are examples and are not compared.
A refusal that nothing here recognises but its status is counted and kept, without secrets, at \`GET /admin/refusals\`.
A client that asks in Chinese (\`accept-language: zh\`) gets the advice in Chinese.

「认出方式」以状态码与错误标识为先，句子只在对应状态码内比对；括号内的句子仅为示例。请求头 \`accept-language: zh\` 可得到中文建议。

${refusalTable()}
`;
}
