import type { ChatRequest } from '../../chat/chat.ts';
import { formatOf, IMAGE_FORMATS, imageTypeOf } from '../../chat/image-format.ts';
import { headOf } from '../../chat/raw-string.ts';
import { GatewayError } from '../../errors.ts';
import { isPart, type Part, textPart } from '../history/content-part.ts';
import { counted } from '../history/map-messages.ts';
import { mapParts } from '../history/map-parts.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule } from '../rule.ts';

/** Whether a data URL says what its bytes are, and that is a format that Kimi takes. */
function isFine(head: string): boolean {
  const format = formatOf(head);
  return format === undefined || imageTypeOf(format) === format.declared;
}

function relabelled(part: unknown, path: string): unknown {
  if (!isPart(part) || part['type'] !== 'image_url') return part;
  const holder = part['image_url'];
  if (!isPart(holder) || typeof holder['url'] !== 'string' || isFine(headOf(holder['url']))) return part;
  const format = formatOf(headOf(holder['url']));
  const type = format && imageTypeOf(format);
  if (format === undefined || type === undefined) throw refused(path, format?.found ?? format?.declared);
  const rest = holder['url'].slice('data:'.length + format.declared.length);
  return { ...part, image_url: { ...holder, url: `data:${type}${rest}` } } satisfies Part;
}

function refused(path: string, what: string | undefined): GatewayError {
  return new GatewayError('invalid_request', {
    message: `${path}: Kimi does not take pictures of the format ${what ?? 'given'}.`,
    param: path,
    hint: `Send one of ${IMAGE_FORMATS.join(', ')}.`,
  });
}

const REFUSED = /unsupported image (?:format|type)/i;
const NAMED = /image\/([a-z0-9.+-]+)/i;
const LEFT_OUT = '[A picture that could not be read stood here.]';

/** The pictures of the type that the sentence names; all of them if it names none of theirs. */
function withoutRefused(request: ChatRequest, sentence: string): ReturnType<typeof mapParts> {
  const named = NAMED.exec(sentence)?.[1]?.toLowerCase();
  const replaced = (isMeant: (url: string) => boolean) =>
    mapParts(request, (part) => {
      const holder = isPart(part) && part['type'] === 'image_url' ? part['image_url'] : undefined;
      const url = isPart(holder) ? holder['url'] : undefined;
      return typeof url === 'string' && isMeant(url) ? textPart(LEFT_OUT) : part;
    });
  const some = replaced((url) => url.slice(0, 40).toLowerCase().startsWith(`data:image/${named};`));
  return some.count > 0 ? some : replaced(() => true);
}

export const imageFormat: Rule = {
  id: 'image-format',
  title: { en: 'Formats of pictures', zh: '图片格式' },
  why: 'Unsupported formats are a 400 (`unsupported image format`). A picture whose type is wrongly declared gets the type of its first bytes; one that Kimi does not take is refused here with its path. One that the surface still cannot read becomes a remark, so that it does not stop the conversation for ever.',
  source: 'platform docs, vision page; MoonshotAI/kimi-code errors.ts',
  seen: '2026-08-22',
  when: isKimiApi,
  refusal: REFUSED,
  refused(request, { note }, sentence) {
    const result = withoutRefused(request, sentence);
    if (result.count > 0) note(`${counted(result.count, 'picture')} left out, which the surface cannot read`);
    return result.request;
  },
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ parts }) => parts.some(({ kind, head }) => kind === 'image' && !isFine(head ?? '')),
    },
    apply(request, { note }) {
      const result = mapParts(request, relabelled);
      if (result.count > 0) note(`${counted(result.count, 'picture')} given the type of the bytes`);
      return result.request;
    },
  },
};
