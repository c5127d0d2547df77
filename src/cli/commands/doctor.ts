import { CONFIG_OPTIONS, type Command, excluding, JSON_OPTION, UsageError } from '../command.ts';
import { examine } from '../doctor/examine.ts';
import { tryUserAgents } from '../doctor/try-user-agents.ts';

/** What belongs to one way of examining and not to the other. */
const EXAMINING = ['only', 'offline', 'model', 'timeout', 'list'];

export const doctor: Command = {
  details: {
    en: [
      'Looks at the configuration, the form of the keys, the port and proxy variables; the names, certificates and clocks of the',
      'surfaces; credentials, models, quotas; and last sends three small requests to each surface, which it tells and asks first.',
      'Every line says what was done, what was seen, and what to do. Nothing is changed.',
      'Exit code 0: nothing stands in the way (warnings may); 1: something does, or it was stopped; 2: the command line was wrong.',
      'With --user-agents it finds out how Kimi Code lets this gateway in instead: under its own name on each of the two faces,',
      'and as the KimiCLI versions that you name, if any. It states the risk and asks first. docs/doctor.md.',
    ].join('\n'),
    zh: [
      '检查配置、密钥格式、端口和代理变量；各接入面的域名、证书和时钟；凭据、模型和额度；最后向每个接入面发送三个小请求',
      '（会先说明并询问）。每一行都说明做了什么、看到了什么、该怎么办。不会修改任何东西。',
      '退出码 0：没有故障（可能有提醒）；1：有故障或被中止；2：命令行有误。',
      '使用 --user-agents 则改为检查 Kimi Code 如何放行本网关：先以自己的名称尝试两个协议面，再尝试您指定的 KimiCLI 版本。',
      '执行前会说明风险并询问。详见 docs/doctor.zh-CN.md。',
    ].join('\n'),
  },
  options: [
    { flags: '--offline', summary: { en: 'ask nobody beyond this machine', zh: '不访问本机以外的任何地址' } },
    {
      flags: '--only <names>',
      summary: { en: 'only these checks or groups, separated by commas', zh: '只运行这些检查或分组，用逗号分隔' },
    },
    {
      flags: '--model <name>',
      summary: {
        en: 'say what this name stands for, and use it for the small requests (default: the cheapest of each list)',
        zh: '说明该名称对应的模型，并用于小请求（默认：各列表中最便宜的）',
      },
    },
    {
      flags: '--yes',
      summary: {
        en: 'do not ask before what costs; without a terminal it is left out unless this is given',
        zh: '对会产生用量的步骤不再询问；没有终端且未给出该选项时跳过这些步骤',
      },
    },
    {
      flags: '--timeout <seconds>',
      summary: { en: 'how long one call may take (default: 60)', zh: '每次调用的时限（默认：60 秒）' },
    },
    { flags: '--list', summary: { en: 'list the checks', zh: '列出检查项' } },
    JSON_OPTION,
    {
      flags: '--user-agents [versions]',
      summary: {
        en: 'try the faces of Kimi Code instead, and these versions of KimiCLI, comma separated',
        zh: '改为尝试 Kimi Code 的两个协议面，以及这些 KimiCLI 版本（逗号分隔）',
      },
    },
    ...CONFIG_OPTIONS,
  ],
  examples: [
    { line: 'moongate doctor', what: { en: 'everything', zh: '全部检查' } },
    {
      line: 'moongate doctor --offline',
      what: { en: 'what can be told without the network', zh: '无需网络即可判断的部分' },
    },
    {
      line: 'moongate doctor --only answer --yes',
      what: { en: 'one tiny request to each surface', zh: '向每个接入面发送一个小请求' },
    },
    {
      line: 'moongate doctor --json | jq \'.checks[] | select(.outcome == "failed")\'',
      what: { en: 'for a program', zh: '供程序使用' },
    },
    {
      line: 'moongate doctor --user-agents',
      what: {
        en: 'how Kimi Code lets the gateway in, the honest ways only',
        zh: '检查 Kimi Code 的放行方式，只用诚实的方式',
      },
    },
    {
      line: 'moongate doctor --user-agents 1.5,1.6',
      what: { en: 'and two versions of KimiCLI', zh: '另加两个 KimiCLI 版本' },
    },
  ],
  async run(terminal, values) {
    if (values['userAgents'] === undefined) return examine(terminal, values);
    const other = EXAMINING.find((name) => values[name] !== undefined);
    if (other !== undefined) throw new UsageError(excluding('--user-agents', `--${other}`));
    return tryUserAgents(terminal, values);
  },
};
