import { GatewayError } from '../../../errors.ts';
import { explainRequest } from '../../explain/explain-request.ts';
import type { Phrase } from '../../language.ts';
import { type DoctorCheck, type Finding, failed, ok } from '../doctor-check.ts';
import type { Examination } from '../examination.ts';

/** What programs that were written for OpenAI send, and Kimi answers with `invalid_request_error` (platform docs, migration guide). */
interface OldStyle {
  readonly name: Phrase;
  readonly body: Readonly<Record<string, unknown>>;
  /** The rules that mend it; one of them is enough. */
  readonly rules: readonly string[];
}

const OLD_STYLE: readonly OldStyle[] = [
  {
    name: { en: 'a temperature above 1', zh: 'temperature 大于 1' },
    body: { model: 'moonshot-v1-8k', temperature: 1.5 },
    rules: ['sampling-range', 'sampling-fixed'],
  },
  {
    name: { en: 'a temperature where the model fixes it', zh: '模型固定 temperature 时仍传入该参数' },
    body: { model: 'kimi-k2.6', temperature: 0.7 },
    rules: ['sampling-fixed'],
  },
  {
    name: { en: 'the old `functions` and `function_call`', zh: '旧式 `functions` 与 `function_call`' },
    body: {
      model: 'kimi-k2.6',
      functions: [{ name: 'get_weather', parameters: { type: 'object', properties: {} } }],
      function_call: 'auto',
    },
    rules: ['functions-to-tools'],
  },
];

export const requests: DoctorCheck = {
  id: 'requests',
  group: 'here',
  title: {
    en: 'Prepared requests of the kind that Kimi refuses with invalid_request_error',
    zh: '试着准备几类会被 Kimi 以 invalid_request_error 拒绝的请求',
  },
  run: (examination) => Promise.all(OLD_STYLE.map((one) => tried(one, examination))),
};

async function tried({ name: about, body, rules }: OldStyle, { config }: Examination): Promise<Finding> {
  const text = JSON.stringify({ ...body, messages: [{ role: 'user', content: 'Say ok.' }] });
  try {
    const { repairs, strict } = await explainRequest(Buffer.from(text), config, 'chat');
    const repair = repairs.find(({ rule }) => rules.includes(rule));
    if (repair === undefined) return unrepaired(about, rules, config.dialect.disabled);
    if (strict) {
      return failed(
        { en: 'strict mode refuses it with 400 (strict_repairs)', zh: '严格模式会以 400（strict_repairs）拒绝' },
        {
          about,
          advice: {
            en: 'Mend the client (`moongate migrate`), or set `strict: false`.',
            zh: '请修改客户端（`moongate migrate`），或设置 `strict: false`。',
          },
        },
      );
    }
    return ok({ en: `repaired by ${repair.rule}`, zh: `由规则 ${repair.rule} 修复` }, { about });
  } catch (thrown) {
    const { code, message } = GatewayError.from(thrown);
    // Without such a model nobody can be refused for it.
    if (code === 'unknown_model')
      return ok({ en: 'no surface serves such a model', zh: '没有接入面提供这类模型' }, { about });
    return failed(`${code}: ${message}`, { about, code });
  }
}

function unrepaired(about: Phrase, rules: readonly string[], disabled: readonly string[]): Finding {
  const off = rules.filter((rule) => disabled.includes(rule));
  if (off.length === 0)
    return ok({ en: 'goes up as it is: this surface takes it', zh: '原样发送：该接入面接受' }, { about });
  return failed(
    {
      en: `goes up as it is, and Kimi answers 400 invalid_request_error, or ignores what it does not know: ${off.join(', ')} is turned off`,
      zh: `原样发送，Kimi 会返回 400 invalid_request_error，或忽略不认识的内容：规则 ${off.join('、')} 已关闭`,
    },
    {
      about,
      refusal: 'invalid-request',
      advice: {
        en: 'Take the rule out of `dialect.disabled`, or mend the client: moongate migrate PATH',
        zh: '请把该规则移出 `dialect.disabled`，或修改客户端：moongate migrate PATH',
      },
    },
  );
}
