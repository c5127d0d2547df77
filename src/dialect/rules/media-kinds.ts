import type { ChatRequest } from '../../chat/chat.ts';
import { GatewayError } from '../../errors.ts';
import { isPart, textPart } from '../history/content-part.ts';
import { earlierTurns } from '../history/earlier-turns.ts';
import { counted } from '../history/map-messages.ts';
import { mapParts } from '../history/map-parts.ts';
import { isKimiApi } from '../kimi-surface.ts';
import type { Rule, Turn } from '../rule.ts';

const KINDS = { image_url: 'pictures', video_url: 'videos' } as const;
type Kind = keyof typeof KINDS;

const REFUSED = /invalid part type: (image_url|video_url)/;

/** What the model cannot see becomes a remark in earlier turns; in the turn to be answered it is the request's mistake. */
function withoutKind(request: ChatRequest, kind: Kind, { note, situation }: Turn): ChatRequest {
  const isEarlier = earlierTurns(request);
  const { request: result, count } = mapParts(request, (part, path) => {
    if (!isPart(part) || part['type'] !== kind) return part;
    if (!isEarlier(path)) throw cannotSee(kind, path, situation.model?.id);
    return textPart(`[One of the ${KINDS[kind]} of this conversation, which this model cannot see.]`);
  });
  if (count > 0) note(`${counted(count, kind === 'image_url' ? 'picture' : 'video')} of earlier turns left out`);
  return result;
}

function cannotSee(kind: Kind, path: string, model: string | undefined): GatewayError {
  const way = kind === 'video_url' ? 'Send frames of it as image_url parts, or choose' : 'Choose';
  return new GatewayError('invalid_request', {
    message: `${path}: ${model ?? 'The model'} takes no ${KINDS[kind]} here.`,
    param: path,
    hint: `${way} a model that takes ${KINDS[kind]} (\`moongate models\`).`,
  });
}

export const mediaKinds: Rule = {
  id: 'media-kinds',
  title: { en: 'Pictures and videos for models that cannot see them', zh: '不支持图片或视频的模型' },
  why: 'A model that reads text only answers 400 to a picture (`invalid part type`), and so did Kimi Code, at times, to a video. In earlier turns such a part becomes a remark, so that a conversation can go on with another model; in the turn to be answered it is refused here with its path. Videos are sent until the surface refuses them, because the official client of Kimi Code sends them.',
  source: 'platform docs, vision page; MoonshotAI/kimi-cli #788',
  seen: '2026-09-02',
  when: (situation) => isKimiApi(situation) && situation.model?.input.includes('image') === false,
  refusal: REFUSED,
  refused(request, turn, sentence) {
    const kind = REFUSED.exec(sentence)?.[1];
    return kind === 'image_url' || kind === 'video_url' ? withoutKind(request, kind, turn) : request;
  },
  request: {
    reads: ['messages'],
    trigger: {
      message: ({ parts }) => parts.some(({ kind }) => kind === 'image' || kind === 'video'),
    },
    apply(request, turn) {
      const { model } = turn.situation;
      if (model === undefined || model.input.includes('image')) return request;
      return withoutKind(withoutKind(request, 'image_url', turn), 'video_url', turn);
    },
  },
};
