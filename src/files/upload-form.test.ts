import { expect, test } from 'vitest';
import { toPurpose } from './purposes.ts';
import { UploadForm } from './upload-form.ts';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const formOf = async (parts: Readonly<Record<string, string | File>>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) form.set(name, value);
  const response = new Response(form);
  const boundary = /boundary=(.*)$/.exec(response.headers.get('content-type') ?? '')?.[1] ?? '';
  return { bytes: Buffer.from(await response.arrayBuffer()), boundary };
};

async function pass(parts: Readonly<Record<string, string | File>>, size: number, fileBytes = 1_000) {
  const { bytes, boundary } = await formOf(parts);
  const form = new UploadForm(boundary, { fileBytes });
  const out: Buffer[] = [];
  for await (const piece of form.pass(pieces(bytes, size))) out.push(piece);
  const sent = Buffer.concat(out);
  const type = `multipart/form-data; boundary=${boundary}`;
  const read = await new Response(new Uint8Array(sent), { headers: { 'content-type': type } }).formData();
  return { form, bytes, sent, read };
}

const note = new File(['Hello\r\n--你好'], 'note.txt', { type: 'text/plain' });
const picture = new File(['x'], 'a.png', { type: 'image/png' });
const clip = new File(['x'], 'a.mp4', { type: 'video/mp4' });

test.each([1, 7, 10_000])('in pieces of %i: Kimi’s own purposes pass byte for byte', async (size) => {
  for (const parts of [
    { file: note, purpose: 'file-extract' },
    { purpose: 'batch', extra: 'x', file: note },
  ]) {
    const { bytes, sent, form } = await pass(parts, size);
    expect(sent.equals(bytes)).toBe(true);
    expect(form).toMatchObject({ purpose: parts.purpose, filename: 'note.txt' });
  }
});

test.each([
  ['assistants', note, 'file-extract'],
  ['user_data', note, 'file-extract'],
  ['user_data', picture, 'image'],
  ['vision', picture, 'image'],
  ['vision', clip, 'video'],
])('%s becomes what the file is, in as many bytes', async (asked, file, purpose) => {
  for (const size of [1, 7, 10_000]) {
    for (const parts of [
      { file, purpose: asked, extra: 'x' },
      { purpose: asked, extra: 'x', file },
    ]) {
      const { bytes, sent, read, form } = await pass(parts, size);
      expect(sent.length).toBe(bytes.length);
      expect([read.get('purpose'), read.get('extra'), form.purpose]).toEqual([purpose, 'x', purpose]);
      expect(await (read.get('file') as File).text()).toBe(await file.text());
    }
  }
});

test('other purposes and larger files are refused', async () => {
  await expect(pass({ file: note, purpose: 'fine-tune' }, 9)).rejects.toThrow(/no files with the purpose 'fine-tune'/);
  await expect(pass({ purpose: 'p'.repeat(500), file: note }, 9)).rejects.toThrow(/no files with the purpose/);
  await expect(pass({ file: new File(['x'.repeat(1_001)], 'a'), purpose: 'batch' }, 9)).rejects.toThrow(/larger than/);
  expect((await pass({ file: new File(['x'.repeat(1_000)], 'a'), purpose: 'batch' }, 9)).form.purpose).toBe('batch');
});

test('a form without a purpose goes up as it is: the platform says what is missing', async () => {
  const { bytes, sent } = await pass({ file: note }, 5);
  expect(sent.equals(bytes)).toBe(true);
});

test('names of clients reach into no object', () => {
  for (const name of ['constructor', '__proto__', 'toString']) expect(toPurpose(name, undefined)).toBeUndefined();
});
