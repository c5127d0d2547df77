import type { ChatDocument } from '../chat/chat-document.ts';
import { namesPublicImages, publicImageUrls } from '../chat/public-image-urls.ts';
import { GatewayError } from '../errors.ts';
import type { Signal } from '../signal.ts';
import type { ImageFetcher } from './fetch-image.ts';
import type { ImageCache } from './image-cache.ts';

/** More images in one request are nobody's conversation. */
const MOST_IMAGES = 32;

const NONE: ReadonlyMap<string, string> = new Map();

/** Fetches what a request names by public URL, for surfaces that take no such URLs. */
export class PublicImages {
  /** Undefined: nothing is fetched, and the surface refuses such URLs itself. */
  readonly #fetcher: ImageFetcher | undefined;
  readonly #cache: ImageCache;

  constructor(fetcher: ImageFetcher | undefined, cache: ImageCache) {
    this.#fetcher = fetcher;
    this.#cache = cache;
  }

  /** URL to data URL, for every public URL in the messages. Throws invalid_request if one cannot be had. */
  gather(
    document: ChatDocument,
    surface: string,
    signal: Signal,
  ): ReadonlyMap<string, string> | Promise<ReadonlyMap<string, string>> {
    const fetcher = this.#fetcher;
    if (fetcher === undefined || surface === 'compatible' || !namesPublicImages(document.outline)) return NONE;
    return this.#fetchAll(fetcher, document, signal);
  }

  async close(): Promise<void> {
    await this.#fetcher?.close();
  }

  async #fetchAll(fetcher: ImageFetcher, document: ChatDocument, signal: Signal): Promise<ReadonlyMap<string, string>> {
    const urls = [...new Set(publicImageUrls(document.get('messages')))];
    if (urls.length > MOST_IMAGES) {
      throw new GatewayError('invalid_request', {
        message: `The request names ${urls.length} images by URL; at most ${MOST_IMAGES} are fetched.`,
        param: 'messages',
      });
    }
    return new Map(await Promise.all(urls.map(async (url) => [url, await this.#get(fetcher, url, signal)] as const)));
  }

  async #get(fetcher: ImageFetcher, url: string, signal: Signal): Promise<string> {
    const known = this.#cache.get(url);
    if (known !== undefined) return known;
    const data = await fetcher.fetch(url, signal);
    this.#cache.set(url, data);
    return data;
  }
}
