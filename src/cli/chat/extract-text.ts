import type { GatewayError } from '../../errors.ts';
import { callJson, memberOf } from '../call-json.ts';
import { Failure } from '../command.ts';
import type { Endpoint } from '../endpoint.ts';
import { phrase } from '../language.ts';
import { failureOf } from './refusal.ts';

/**
 * The text of a PDF, a spreadsheet or another document, as the platform's file extraction reads it through the gateway.
 * The file is deleted again: only its text is wanted. Throws Failure where the gateway cannot, GatewayError.
 */
export async function extractText(endpoint: Endpoint, name: string, content: Buffer): Promise<string> {
  const id = await upload(endpoint, name, content);
  const path = `/v1/files/${encodeURIComponent(id)}`;
  try {
    const response = await endpoint.call(`${path}/content`);
    if (!response.ok) throw await failureOf(response);
    const text = contentOf(await response.text());
    if (text.trim() !== '') return text;
    throw new Failure({ en: `No text was found in ${name}.`, zh: `${name} 中没有可提取的文字。` });
  } finally {
    // It is not worth a word if it stays: the account's owner can see it there.
    await callJson(endpoint, path, 'DELETE').catch(() => undefined);
  }
}

async function upload(endpoint: Endpoint, name: string, content: Buffer): Promise<string> {
  const form = new FormData();
  form.set('purpose', 'file-extract');
  form.set('file', new Blob([new Uint8Array(content)]), name);
  const response = await endpoint.call('/v1/files', { method: 'POST', body: form });
  if (!response.ok) throw missing(await failureOf(response), endpoint, name);
  const id = memberOf(await response.json(), 'id');
  if (typeof id === 'string') return id;
  throw new Failure({ en: 'The file has got no id.', zh: '上传的文件没有得到 id。' }, { code: 'upstream_garbled' });
}

function missing(error: GatewayError, { label }: Endpoint, name: string): Error {
  if (error.code !== 'not_found' && error.code !== 'method_not_allowed') return error;
  return new Failure({
    en: `${name} is neither text nor a picture, and the gateway (${phrase(label, 'en')}) takes no files from which it could read the text.`,
    zh: `${name} 既不是文本也不是图片，而该网关（${phrase(label, 'zh')}）不接受文件，无法提取其中的文字。`,
  });
}

/** The platform answers with a document that has the text in `content`; others with the text itself. */
function contentOf(text: string): string {
  try {
    const content = memberOf(JSON.parse(text), 'content');
    return typeof content === 'string' ? content : text;
  } catch {
    return text;
  }
}
