import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundaryOf, type FormPiece, MultipartScanner } from './multipart-scanner.ts';

const BOUNDARY = 'x-YzZ';

function form(parts: readonly { head: string; body: Buffer }[], { before = '', behind = '\r\n' } = {}): Buffer {
  const pieces = parts.flatMap(({ head, body }, index) => [
    Buffer.from(`${index === 0 ? before : '\r\n'}--${BOUNDARY}\r\n${head}\r\n\r\n`),
    body,
  ]);
  return Buffer.concat([...pieces, Buffer.from(`\r\n--${BOUNDARY}--${behind}`)]);
}

function scan(bytes: Buffer, cuts: readonly number[]): FormPiece[] {
  const scanner = new MultipartScanner(BOUNDARY);
  const found: FormPiece[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length].sort((left, right) => left - right)) {
    found.push(...scanner.push(bytes.subarray(from, cut)));
    from = Math.max(from, cut);
  }
  scanner.end();
  return found;
}

/** Text that is full of what could be taken for a delimiter. */
const nasty = fc
  .array(fc.constantFrom('\r\n', '--', BOUNDARY, '\r\n--x-Yz', `\r\n--${BOUNDARY}z`, '\r', '\n', '-', 'abc', '你'), {
    maxLength: 20,
  })
  .map((words) => Buffer.from(words.join('').replaceAll(new RegExp(`\r\n--${BOUNDARY}(\r\n|--)`, 'g'), '')));

test('however it is cut, every byte comes once and in order, and the bodies are the bodies', () => {
  fc.assert(
    fc.property(
      fc.array(nasty, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(400), { maxLength: 40 }),
      fc.constantFrom('', 'ignored\r\n'),
      (bodies, cuts, before) => {
        const bytes = form(
          bodies.map((body, index) => ({ head: `Content-Disposition: form-data; name="p${index}"`, body })),
          { before },
        );
        const pieces = scan(bytes, cuts);
        expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes)).toBe(true);
        const told: Buffer[] = [];
        for (const piece of pieces) {
          if (piece.kind === 'head') told.push(Buffer.alloc(0));
          if (piece.kind === 'body') told.push(Buffer.concat([told.pop() ?? Buffer.alloc(0), piece.bytes]));
        }
        expect(told.map(String)).toEqual(bodies.map(String));
      },
    ),
  );
});

test('heads', () => {
  const head = 'content-type: Image/PNG; a=b\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".png"';
  const [, found] = scan(form([{ head, body: Buffer.from('x') }]), []);
  expect(found).toMatchObject({ kind: 'head', name: 'file', filename: 'a \\"b\\".png', type: 'image/png' });
});

test('a long body is told while it comes', () => {
  const scanner = new MultipartScanner(BOUNDARY);
  const start = form([{ head: 'Content-Disposition: form-data; name="file"', body: Buffer.alloc(0) }]).subarray(0, -13);
  let told = 0;
  for (const piece of scanner.push(start)) told += piece.bytes.length;
  for (let count = 0; count < 10; count++) {
    for (const piece of scanner.push(Buffer.alloc(1_000))) told += piece.bytes.length;
  }
  expect(start.length + 10_000 - told).toBeLessThan(20);
});

test.each([
  ['nothing', ''],
  ['no boundary', 'x'.repeat(100_000)],
  ['half a form', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nabc`],
  ['an endless head', `--${BOUNDARY}\r\n${'a'.repeat(20_000)}`],
  ['too many parts', form(Array.from({ length: 101 }, () => ({ head: 'a: b', body: Buffer.alloc(0) }))).toString()],
  ['too much behind', form([{ head: 'a: b', body: Buffer.alloc(0) }], { behind: 'x'.repeat(100_000) }).toString()],
])('%s is no form', (_name, text) => {
  expect(() => scan(Buffer.from(text), [])).toThrow(/no multipart form/);
});

test.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['Multipart/Form-Data; charset=utf-8; boundary="a b"', 'a b'],
  ['application/json; boundary=abc', undefined],
  ['multipart/form-data', undefined],
  [undefined, undefined],
])('%s has the boundary %s', (type, boundary) => expect(boundaryOf(type)).toBe(boundary));
