import { isPart } from '../history/content-part.ts';
import { isMessage } from '../history/map-messages.ts';

/** Where a picture's address stands and what it is. */
export interface PublicImageUrl {
  readonly message: number;
  readonly part: number;
  readonly url: string;
}

/** The pictures that Kimi would refuse with `unsupported image url` because they lie on the public web. */
export function findPublicImageUrls(messages: unknown): readonly PublicImageUrl[] {
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((message: unknown, index) => {
    if (!isMessage(message) || !Array.isArray(message.content)) return [];
    return message.content.flatMap((part: unknown, place) => {
      const url = urlOf(part);
      return url !== undefined && /^https?:\/\//i.test(url) ? [{ message: index, part: place, url }] : [];
    });
  });
}

function urlOf(part: unknown): string | undefined {
  if (!isPart(part) || part['type'] !== 'image_url') return undefined;
  const holder = part['image_url'];
  const url = isPart(holder) ? holder['url'] : holder;
  return typeof url === 'string' ? url : undefined;
}
