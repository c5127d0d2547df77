import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { type AddressCheck, ImageFetcher } from '../media/fetch-image.ts';
import { ImageCache } from '../media/image-cache.ts';
import { PublicImages } from '../media/public-images.ts';

/** Fetched pictures are kept for the turns of a conversation. */
const IMAGE_CACHE_BYTES = 64 * 1024 * 1024;
const IMAGE_CACHE_MS = 10 * 60_000;

export function publicImages({ images }: Config, clock: Clock, mayConnect: AddressCheck | undefined): PublicImages {
  const fetcher = new ImageFetcher({ maxBytes: images.max_bytes, timeoutMs: images.timeout_ms, clock, mayConnect });
  return new PublicImages(
    images.fetch ? fetcher : undefined,
    new ImageCache(IMAGE_CACHE_BYTES, IMAGE_CACHE_MS, clock.now),
  );
}
