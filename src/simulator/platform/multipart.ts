/** One part of a multipart/form-data body. */
export interface FormPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

/** The parts of a form; an empty list where the body is no form. */
export function readMultipart(contentType: string, body: Buffer): FormPart[] {
  const boundary = contentType.match(/boundary=(?:"([^"]+)"|([^;\s]+))/i);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return [];
  const delimiter = Buffer.from(`--${mark}`);
  const parts: FormPart[] = [];
  let start = body.indexOf(delimiter);
  while (start >= 0) {
    const from = start + delimiter.length;
    const next = body.indexOf(delimiter, from);
    if (next < 0) break;
    // Each part stands between CR LF after one delimiter and CR LF before the next.
    const part = readPart(body.subarray(from + 2, next - 2));
    if (part !== undefined) parts.push(part);
    start = next;
  }
  return parts;
}

function readPart(bytes: Buffer): FormPart | undefined {
  const split = bytes.indexOf('\r\n\r\n');
  if (split < 0) return undefined;
  const head = bytes.subarray(0, split).toString('utf8');
  const disposition = head.match(/^content-disposition:\s*form-data\b(.*)$/im)?.[1] ?? '';
  const name = parameter(disposition, 'name');
  if (name === undefined) return undefined;
  return {
    name,
    filename: parameter(disposition, 'filename'),
    mimeType: head.match(/^content-type:\s*(\S+)/im)?.[1] ?? 'application/octet-stream',
    bytes: bytes.subarray(split + 4),
  };
}

/** A token or a quoted string, as RFC 2183 has them. */
function parameter(disposition: string, name: string): string | undefined {
  const found = disposition.match(new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^\\s;"]+))`, 'i'));
  return found?.[1] ?? found?.[2];
}
