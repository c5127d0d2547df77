import type { ToolCall } from '../../../chat/chat.ts';
import { type DoctorCheck, type Finding, ok, warning } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';
import { ask, onEachSurface, type Subject } from '../trial.ts';

const TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const QUESTION = {
  tools: [TOOL],
  tool_choice: 'auto',
  messages: [{ role: 'user', content: 'Call get_weather for Paris. Do not answer in words.' }],
};

export const tools: DoctorCheck = {
  id: 'tools',
  group: 'answers',
  title: { en: 'Offered each surface a tool', zh: '向各接入面提供一个工具' },
  run: (examination) => onEachSurface(examination, called),
};

async function called(subject: Subject, examination: Examination): Promise<Finding> {
  const { completion } = await ask(subject, examination, QUESTION);
  const [choice] = completion.choices ?? [];
  const call = choice?.message?.tool_calls?.[0];
  if (call === undefined) {
    return warning(
      {
        en: `answered in words instead of calling it (${choice?.finish_reason ?? 'no reason'})`,
        zh: `没有调用工具，而是用文字回答（${choice?.finish_reason ?? '无原因'}）`,
      },
      {
        advice: {
          en: 'Once is chance; an agent on this model would fail: try --model with another one.',
          zh: '偶尔一次属正常；若总是如此，代理程序无法使用该模型：请用 --model 换一个。',
        },
      },
    );
  }
  if (!hasObject(call)) {
    return warning(
      { en: 'called it with arguments that are no JSON object', zh: '调用参数不是 JSON 对象' },
      {
        advice: {
          en: 'The gateway mends what it can (rule answer-arguments); try another --model.',
          zh: '网关会尽力修复（规则 answer-arguments）；请换一个 --model。',
        },
      },
    );
  }
  return ok({
    en: `called ${call.function?.name ?? 'it'}(${call.function?.arguments ?? ''})`,
    zh: `调用了 ${call.function?.name ?? '工具'}(${call.function?.arguments ?? ''})`,
  });
}

function hasObject({ function: made }: ToolCall): boolean {
  try {
    const value: unknown = JSON.parse(made?.arguments ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
