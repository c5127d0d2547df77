import { type Language, type Phrase, phrase } from '../src/cli/language.ts';
import { VERIFY_CHECKS } from '../src/cli/verify/checks/index.ts';
import { GROUP_TITLES } from '../src/cli/verify/report/words.ts';
import { costOf } from '../src/cli/verify/run-checks.ts';
import { GROUPS } from '../src/cli/verify/verify-check.ts';

const USUAL = costOf(VERIFY_CHECKS.filter(({ isHeavy }) => isHeavy !== true));

const INTRODUCTION: Phrase = {
  en: `# Conformance: \`moongate verify\`

[简体中文](verify.zh-CN.md)

\`\`\`sh
moongate verify                                                    # the gateway of this place
moongate verify --demo                                             # the same against the simulator, without an account
moongate verify https://api.moonshot.cn/v1 --key "$MOONSHOT_API_KEY"
moongate verify https://api.moonshot.cn/anthropic --key "$MOONSHOT_API_KEY" --model kimi-k2.6 --only anthropic
moongate verify --format html > report.html
\`\`\`

It sends about ${USUAL} small requests, one after the other, and looks whether the answers are what clients count on. The number is
shown first; at an endpoint that charges, the tokens of some short answers are charged. An endpoint that is at its
limit (429) is waited for. Progress goes to standard error, Ctrl-C ends it at once.

Two kinds of checks:

- **protocol**: what every client depends on. An endpoint that differs here breaks clients.
- **dialect**: in this Kimi itself is known to differ, and a gateway is there to hide it. At an endpoint that is not
  moongate such a difference is shown as "known of Kimi" (\`~\`) and is no failure; at moongate it is.

A check is skipped where it would prove nothing: the endpoint does not have the face, the model has no switch for
thinking, no key is needed. What an answer says depends on the model; checks that ask for certain words ask for as little
as they can, and a model can still fail one by chance: run that one again with \`--only\`. On kimi-k2.7-code, which always
thinks, \`tool-choice-required\` asks at most twice and may still get prose.

The check \`error-context\` sends a prompt that is larger than the context window, some megabytes; it runs with \`--heavy\`
or by its name. An endpoint that accepts it charges for it.

Exit code 0: nothing differs; 1: something differs, or the endpoint cannot be reached or does not let us in; 2: the
command line was wrong. \`--format json\` is for programs, \`html\` is one page that needs nothing else.

## The checks
`,
  zh: `# 一致性：\`moongate verify\`

[English](verify.md)

\`\`\`sh
moongate verify                                                    # 本地网关
moongate verify --demo                                             # 使用模拟器，无需账号
moongate verify https://api.moonshot.cn/v1 --key "$MOONSHOT_API_KEY"
moongate verify https://api.moonshot.cn/anthropic --key "$MOONSHOT_API_KEY" --model kimi-k2.6 --only anthropic
moongate verify --format html > report.html
\`\`\`

它逐个发送约 ${USUAL} 个小请求，检查回答是否符合客户端的预期。请求数会先显示；若端点收费，会产生几段短回答的费用。
遇到限流（429）会等待。进度写到标准错误，按 Ctrl-C 立即结束。

检查分两类：

- **protocol**：所有客户端都依赖的行为，不符就会导致客户端出错。
- **dialect**：Kimi 本身的已知差异，网关的作用就是掩盖它。若作答的不是 moongate，会显示为“Kimi 的已知差异”（\`~\`），不算失败；若是 moongate 则算。

在无法说明问题时会跳过：端点没有该接口、模型没有思考开关、无需密钥。回答内容取决于模型，要求特定词语的检查已尽量宽松，
但模型仍可能偶然不通过：可用 \`--only\` 单独重试。kimi-k2.7-code 总是思考，\`tool-choice-required\` 最多询问两次，仍可能得到普通文本。

\`error-context\` 会发送超过上下文窗口的提示（数 MB），只在 \`--heavy\` 或点名时运行；若端点接受，会产生费用。

退出码 0：没有不符；1：有不符，或端点无法访问、拒绝访问；2：命令行有误。\`--format json\` 供程序使用，\`html\` 为单个自包含网页。

## 检查项
`,
};

const HEAD: Phrase = {
  en: '| check | kind | what holds | what it means if not |\n| --- | --- | --- | --- |',
  zh: '| 检查 | 类别 | 应当成立 | 不成立的影响 |\n| --- | --- | --- | --- |',
};

export function renderVerify(language: Language): string {
  const say = (words: Phrase) => phrase(words, language);
  const cell = (words: Phrase) => say(words).replaceAll('|', '\\|');
  const groups = GROUPS.map((group) => {
    const rows = VERIFY_CHECKS.filter((check) => check.group === group).map(
      ({ id, kind, title, meaning }) => `| \`${id}\` | ${kind} | ${cell(title)} | ${cell(meaning)} |`,
    );
    return `### ${say(GROUP_TITLES[group])} (\`${group}\`)\n\n${say(HEAD)}\n${rows.join('\n')}\n`;
  });
  return `${say(INTRODUCTION)}\n${groups.join('\n')}`;
}
