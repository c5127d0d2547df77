import { namesPublicImage, publicImageUrl } from '../../chat/public-image-urls.ts';
import { isPart } from '../history/content-part.ts';
import { counted } from '../history/map-messages.ts';
import { mapParts } from '../history/map-parts.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

export const publicImages: Rule = {
  id: 'public-images',
  title: { en: 'Pictures on the public web', zh: '公网图片链接' },
  why: 'Kimi takes pictures as data URLs or uploaded files; a public URL is a 400 (`Invalid request: unsupported image url`). The gateway fetches the picture, from public addresses only, and sends its bytes.',
  source: 'platform docs, vision page; Kimi Code docs, error reference',
  seen: '2026-09-02',
  when: isKimiApi,
  request: {
    reads: ['messages'],
    trigger: { message: namesPublicImage },
    apply(request, { note, images }) {
      const result = mapParts(request, (part) => {
        const url = publicImageUrl(part);
        const data = url === undefined ? undefined : images?.get(url);
        if (data === undefined || !isPart(part)) return part;
        const holder = part['image_url'];
        return { ...part, image_url: { ...(isPart(holder) ? holder : {}), url: data } };
      });
      if (result.count > 0) note(`${counted(result.count, 'picture')} fetched and sent as data`);
      return result.request;
    },
  },
};
