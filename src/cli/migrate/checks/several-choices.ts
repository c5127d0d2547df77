import { type Check, type Found, GUIDE } from '../check.ts';
import { numbersOf, type OpenAiCode } from '../code/openai-code.ts';

const LOW = 0.1;

export const nLowTemperature: Check = {
  id: 'n-low-temperature',
  level: 'error',
  title: { en: 'Several choices at a temperature near 0', zh: 'temperature 接近 0 时请求多个 choice' },
  why: {
    en: 'Kimi gives one choice at such a temperature and answers `invalid_request_error` to more; OpenAI allows it.',
    zh: '此时 Kimi 只能返回一个 choice，n>1 会报 invalid_request_error；OpenAI 允许。',
  },
  link: GUIDE,
  gateway: {
    en: 'makes as many calls as choices and merges the answers; the temperature is left out (one-choice)',
    zh: '按 choice 数量分别请求并合并结果；temperature 被省略（one-choice）',
  },
  remains: { en: 'ask once, or make several requests', zh: '只请求一个，或自行多次请求' },
  *find(code) {
    yield* choices(code, true);
  },
};

export const severalChoices: Check = {
  id: 'several-choices',
  level: 'error',
  title: { en: 'More than one choice', zh: '请求多个 choice' },
  why: {
    en: 'Every live model answers 400 to `n` other than 1.',
    zh: '所有在售模型对 n≠1 返回 400。',
  },
  link: GUIDE,
  gateway: {
    en: 'makes as many calls as choices and adds the usage up (one-choice); each costs a call',
    zh: '按 choice 数量分别请求并累加用量（one-choice）；每个 choice 计一次调用',
  },
  remains: { en: 'nothing through the gateway; else several requests', zh: '经由网关无需改动；否则需多次请求' },
  *find(code) {
    yield* choices(code, false);
  },
};

function* choices(code: OpenAiCode, isLow: boolean): Iterable<Found> {
  for (const { options } of code.requests) {
    const option = options.get('n');
    const [count] = option ? numbersOf(code, option).filter((value) => value > 1) : [];
    const temperature = options.get('temperature');
    const isNearZero =
      temperature !== undefined && numbersOf(code, temperature).some((value) => value >= 0 && value < LOW);
    if (option && count !== undefined && isNearZero === isLow)
      yield { from: option.from, to: option.to, what: `n ${count}` };
  }
}
