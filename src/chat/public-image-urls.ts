import type { MessageOutline } from './message-outline.ts';

/** Whether the messages may name a picture on the public web. */
export function namesPublicImages(messages: readonly MessageOutline[]): boolean {
  for (const message of messages) if (message.parts.length > 0 && namesPublicImage(message)) return true;
  return false;
}

export function namesPublicImage({ parts }: MessageOutline): boolean {
  return parts.some(({ kind, head }) => kind !== 'text' && (kind === 'other' || isPublic(head)));
}

function isPublic(url: string | undefined): boolean {
  return url !== undefined && /^https?:\/\//i.test(url);
}

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
  return typeof url === 'string' && isPublic(url) ? url : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
