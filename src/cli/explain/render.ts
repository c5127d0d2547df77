import { type Language, type Phrase, phrase } from '../language.ts';
import { valueChanges } from './changes.ts';
import { CLIENT_PROTOCOLS, type ClientProtocol } from './client-protocol.ts';
import type { ExplainedRequest, Place } from './explain-request.ts';

const VALUE_WIDTH = 160;
/** Of one repair; a history of a thousand messages may have as many. */
const CHANGES_SHOWN = 20;

type Say = (words: Phrase) => string;

/** For a reader at a terminal. Why a rule is there and where that comes from stands in the rules, in English. */
export function renderExplanation(explained: ExplainedRequest, language: Language): string {
  const say: Say = (words) => phrase(words, language);
  const { repairs, answerRules } = explained;
  const none = say({ en: 'none', zh: '无' });
  return [
    section(say({ en: 'Protocol', zh: '协议' }), protocolLines(explained, say)),
    section(say({ en: 'Model', zh: '模型' }), modelLines(explained, say)),
    section(
      say({ en: 'Surfaces, in the order of the attempts', zh: '接入面（按尝试顺序）' }),
      placeLines(explained, say),
    ),
    ...(explained.search.length > 0 ? [section(say({ en: 'Web search', zh: '联网搜索' }), explained.search)] : []),
    section(
      `${say({ en: 'Repairs of the request:', zh: '对请求的修正：' })} ${repairs.length || none}`,
      repairLines(explained, say),
    ),
    section(
      `${say({ en: 'Repairs of the answer, where it needs them:', zh: '对回答的修正（如有需要）：' })} ${answerRules.length || none}`,
      answerRules.map(({ id, title }) => `${id}: ${say(title)}`),
    ),
    ...(explained.wording.notes.length > 0 ? [section(say({ en: 'Notes', zh: '说明' }), explained.wording.notes)] : []),
    section(say({ en: 'What is sent', zh: '发送的内容' }), [
      streamLine(explained, say),
      ...bodyText(explained).split('\n'),
    ]),
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): string =>
  [title, ...lines.map((line) => `  ${line}`), ''].join('\n');

const PROTOCOLS: Readonly<Record<ClientProtocol, string>> = {
  chat: 'OpenAI Chat Completions',
  anthropic: 'Anthropic Messages',
  responses: 'OpenAI Responses',
  completions: 'OpenAI text completions',
};

function protocolLines({ protocol, isRecognised, wording }: ExplainedRequest, say: Say): readonly string[] {
  const bySight: Phrase = {
    en: ', by the shape of the body; --protocol tells another',
    zh: '（按请求体的形状判断，可用 --protocol 指定）',
  };
  const way: Phrase = wording.isUntranslated
    ? { en: 'goes up in the same shape', zh: '以相同的形状发送' }
    : { en: 'is translated for the surface, and the answer back', zh: '会转换成接入面的形状，回答再转换回来' };
  return [
    `${PROTOCOLS[protocol]} (POST ${CLIENT_PROTOCOLS[protocol]})${isRecognised ? say(bySight) : ''}`,
    say(way),
    ...(wording.why === undefined
      ? []
      : [say({ en: `although a face speaks it: ${wording.why}`, zh: `虽然有同样形状的接口：${wording.why}` })]),
  ];
}

function modelLines({ resolution: { asked, model }, reason, target }: ExplainedRequest, say: Say): readonly string[] {
  const unheard: Phrase = {
    en: 'The built-in catalogue does not know it, so only the rules for every model apply. If the surface does not list it either, the gateway answers 404.',
    zh: '内置目录中没有它，因此只适用通用规则。如果接入面也没有列出它，网关会返回 404。',
  };
  return [
    asked === model ? model : `${asked} → ${model}`,
    ...(reason === undefined ? [] : [say(reason)]),
    ...(target.facts === undefined ? [say(unheard)] : []),
  ];
}

function placeLines({ places, isAssumed }: ExplainedRequest, say: Say): readonly string[] {
  const lines = places.map((place, index) =>
    say({
      en: `${index + 1}. ${place.surface}: ${place.model} at ${place.address} (${say(credentialsText(place))})`,
      zh: `${index + 1}. ${place.surface}：${place.model}，地址 ${place.address}（${say(credentialsText(place))}）`,
    }),
  );
  if (!isAssumed) return lines;
  return [
    ...lines,
    say({
      en: 'No credential is configured: the gateway would answer 503. What follows assumes one for the first.',
      zh: '没有配置凭据，网关会返回 503。以下假设第一个接入面有凭据。',
    }),
  ];
}

function credentialsText({ credentials }: Place): Phrase {
  if (credentials === 'none') return { en: 'no credential', zh: '无凭据' };
  if (credentials === 'decided at start') {
    return { en: 'a key whose account system is found out at start', zh: '启动时判断密钥所属的账号体系' };
  }
  return { en: credentials === 1 ? '1 credential' : `${credentials} credentials`, zh: `${credentials} 个凭据` };
}

function repairLines({ repairs, strict }: ExplainedRequest, say: Say): readonly string[] {
  const lines = repairs.flatMap(({ rule, what, changes, by }) => {
    const all = changes.flatMap(({ member, before, after }) => valueChanges(member, before, after));
    const shown = all
      .slice(0, CHANGES_SHOWN)
      .map(({ path, before, after }) => `${path}: ${shortened(before, say)} → ${shortened(after, say)}`);
    const left = all.length - CHANGES_SHOWN;
    const rest = left > 0 ? [say({ en: `and ${left} more`, zh: `另有 ${left} 处` })] : [];
    const why = say({ en: `why: ${by.why}`, zh: `原因：${by.why}` });
    const source = say({ en: `source: ${by.source} (${by.seen})`, zh: `来源：${by.source}（${by.seen}）` });
    return [`${rule}: ${what}`, ...[...shown, ...rest, why, source].map((line) => `  ${line}`)];
  });
  const isRefused = strict && repairs.length > 0;
  const refused: Phrase = {
    en: 'Strict mode is on: the gateway would refuse this request with 400 instead.',
    zh: '严格模式已开启：网关会以 400 拒绝此请求。',
  };
  return isRefused ? [...lines, say(refused)] : lines;
}

function shortened(value: unknown, say: Say): string {
  if (value === undefined) return say({ en: '(none)', zh: '（无）' });
  const text = JSON.stringify(value);
  if (text.length <= VALUE_WIDTH) return text;
  return `${text.slice(0, VALUE_WIDTH)}… (${text.length} ${say({ en: 'characters', zh: '个字符' })})`;
}

function streamLine({ stream: { asked, sent }, body, calls }: ExplainedRequest, say: Say): string {
  const times: Phrase =
    calls === 1
      ? ''
      : { en: `, ${calls} times (one call for each choice)`, zh: `，共 ${calls} 次（每个 choice 一次）` };
  const becomes: Phrase =
    asked === sent ? '' : { en: ', which becomes a whole answer for the client', zh: '，再合并为完整回答返回给客户端' };
  return say({
    en: `${body.length} bytes${say(times)}, asking for ${sent ? 'a stream' : 'a whole answer'}${say(becomes)}:`,
    zh: `${body.length} 字节${say(times)}，请求${sent ? '流式回答' : '完整回答'}${say(becomes)}：`,
  });
}

function bodyText({ body }: ExplainedRequest): string {
  return JSON.stringify(JSON.parse(body.toString('utf8')), null, 2);
}

/** For a program. */
export function explanationObject(explained: ExplainedRequest): unknown {
  const { resolution, reason, places, isAssumed, strict, stream, search, repairs, answerRules, body, calls } =
    explained;
  const { protocol, wording } = explained;
  const { asked, model, because } = resolution;
  return {
    protocol,
    untranslated: wording.isUntranslated,
    ...(wording.why === undefined ? {} : { translated_because: wording.why }),
    model: { asked, model, because, ...(reason === undefined ? {} : { reason: phrase(reason, 'en') }) },
    surfaces: places,
    credentials_assumed: isAssumed,
    refused_by_strict_mode: strict && repairs.length > 0,
    stream,
    calls,
    search,
    notes: wording.notes,
    repairs: repairs.map(({ rule, what, changes, by }) => ({
      rule,
      what,
      why: by.why,
      source: by.source,
      seen: by.seen,
      // A member that is none is null here: JSON has no other word for it.
      changes: changes.map(({ member, before, after }) => ({ member, before: before ?? null, after: after ?? null })),
    })),
    answer_repairs: answerRules.map(({ id, title, why }) => ({ rule: id, what: title.en, why })),
    body: JSON.parse(body.toString('utf8')) as unknown,
  };
}
