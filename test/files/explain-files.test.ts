import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explainRequest } from '../../src/cli/explain/explain-request.ts';
import { loadConfig } from '../../src/config/index.ts';

test('explain shows where the text of a document would stand, and asks nobody for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'moongate-explain-'));
  try {
    writeFileSync(join(folder, 'moongate.yaml'), '{}');
    const { config } = loadConfig({ cwd: folder, env: { MOONSHOT_API_KEY_CN: 'sk-somebody-123456' } });
    const content = [
      { type: 'file', file: { file_id: 'file_1' } },
      { type: 'image_url', image_url: { url: 'ms://file_2' } },
      { type: 'text', text: 'What is it?' },
    ];
    const request = { model: 'kimi-k2.6', messages: [{ role: 'user', content }] };
    const { body } = await explainRequest(Buffer.from(JSON.stringify(request)), config);
    expect(JSON.parse(body.toString()).messages).toEqual([
      { role: 'system', content: '(the text of file_1)' },
      { role: 'user', content: content.slice(1) },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
