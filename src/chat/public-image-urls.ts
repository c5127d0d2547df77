/** Every picture in these messages that lies on the public web, which Kimi refuses with `unsupported image url`. */
export function publicImageUrls(messages: unknown): readonly string[] {
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((message: unknown) => {
    const content = isRecord(message) ? message['content'] : undefined;
    return Array.isArray(content) ? content.flatMap((part) => publicImageUrl(part) ?? []) : [];
  });
}

/** The address of a picture part, if it is a public one. */
export function publicImageUrl(part: unknown): string | undefined {
  if (!isRecord(part) || part['type'] !== 'image_url') return undefined;
  const holder = part['image_url'];
  const url = isRecord(holder) ? holder['url'] : holder;
  return typeof url === 'string' && /^https?:\/\//i.test(url) ? url : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
