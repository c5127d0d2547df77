import { formatListen, isLoopback } from './listen.ts';
import type { Surface } from './resolve.ts';
import type { Config } from './schema.ts';
import { type Bilingual, KNOWN_SURFACES } from './surface-kinds.ts';

type Say = (words: Bilingual) => string;

/** What `moongate config check` prints: what was said where, what can be used, what is missing. */
export function describeConfig(
  config: Config,
  sources: ReadonlyMap<string, string>,
  language: keyof Bilingual = 'en',
): readonly string[] {
  const say: Say = (words) => words[language];
  const advice = missingCredentialsAdvice(config);
  return [
    ...section(say({ en: 'Settings', zh: '设置' }), settingLines(sources, say)),
    ...section(say({ en: 'Surfaces', zh: '接入面' }), surfaceLines(config, say)),
    ...section(
      say({ en: 'Routes', zh: '路由' }),
      Object.entries(config.routes).map(([name, ids]) => `${name}: ${ids.join(' → ')}`),
    ),
    ...section(say({ en: 'Clients', zh: '客户端' }), clientLines(config, say)),
    ...(advice === undefined ? [] : ['', ...say(advice).split('\n')]),
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}

/** Paths and places only: a value may be a secret, and the place is what one looks for. */
function settingLines(sources: ReadonlyMap<string, string>, say: Say): readonly string[] {
  if (sources.size === 0) return [say({ en: 'everything is at its default', zh: '全部为默认值' })];
  const width = Math.max(...[...sources.keys()].map((path) => path.length));
  return [...sources].map(([path, where]) => `${path.padEnd(width)}  ${say({ en: 'from', zh: '来自' })} ${where}`);
}

function surfaceLines({ surfaces, undecided }: Config, say: Say): readonly string[] {
  const lines = Object.values(surfaces).map((surface) => `${surface.id}: ${surfaceState(surface, say)}`);
  if (undecided.length === 0) return lines;
  const keys = undecided.join(', ');
  return [
    ...lines,
    say({
      en: `moonshot-cn or moonshot-ai: ${plural(undecided.length, 'key')} (${keys}), decided at start`,
      zh: `moonshot-cn 或 moonshot-ai: ${undecided.length} 个密钥（${keys}），启动时判断`,
    }),
  ];
}

function surfaceState({ enabled, credentials, base_url }: Surface, say: Say): string {
  if (!enabled) return say({ en: 'turned off', zh: '已关闭' });
  if (credentials.length === 0) return say({ en: 'no credentials', zh: '没有凭据' });
  const names = credentials.map(({ name, secret }) => `${name} ${secret}`).join(', ');
  return say({
    en: `${plural(credentials.length, 'credential')} (${names}) at ${base_url}`,
    zh: `${credentials.length} 个凭据（${names}），地址 ${base_url}`,
  });
}

function clientLines({ listen, keys, admin_key, allowed_origins }: Config, say: Say): readonly string[] {
  const none = say({ en: 'none', zh: '无' });
  const issued = isLoopback(listen.host)
    ? { en: 'any program of this machine, without a key', zh: '本机的任何程序，无需密钥' }
    : { en: 'issued ones only', zh: '仅限已签发的密钥' };
  const who = keys.length === 0 ? say(issued) : keys.map(({ name, key }) => `${name} ${key}`).join(', ');
  return [
    `${say({ en: 'address', zh: '地址' })}: ${formatListen(listen)}`,
    `${say({ en: 'keys', zh: '密钥' })}: ${who}`,
    `${say({ en: 'admin key', zh: '管理密钥' })}: ${admin_key ?? none}`,
    `${say({ en: 'web pages', zh: '网页' })}: ${allowed_origins.length === 0 ? none : allowed_origins.join(', ')}`,
  ];
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Whether some surface could serve a request with what the configuration alone gives it. */
export function hasCredentials({ surfaces, undecided }: Pick<Config, 'surfaces' | 'undecided'>): boolean {
  return (
    undecided.length > 0 ||
    Object.values(surfaces).some(({ enabled, credentials }) => enabled && credentials.length > 0)
  );
}

/** What to do when there is no credential at all; the gateway prints it at start and answers 503 with it. */
export function missingCredentialsAdvice(config: Pick<Config, 'surfaces' | 'undecided'>): Bilingual | undefined {
  if (hasCredentials(config)) return undefined;
  const off = Object.values(config.surfaces)
    .filter(({ enabled, credentials }) => !enabled && credentials.length > 0)
    .map(({ id }) => id)
    .join(', ');
  const lines: readonly Bilingual[] = [
    {
      en: 'There is no credential for any surface yet. Set one of these variables (in the environment or in .env), or `surfaces.<id>.credentials` in moongate.yaml:',
      zh: '还没有任何接入面的凭据。请设置下列变量之一（环境变量或 .env），或在 moongate.yaml 中设置 `surfaces.<id>.credentials`：',
    },
    ...KNOWN_SURFACES.map(({ title, variables, console: place }) => ({
      en: `  ${variables[0]}  ${title.en}: ${place}`,
      zh: `  ${variables[0]}  ${title.zh}：${place}`,
    })),
    {
      en: '  MOONSHOT_API_KEY  either of the two platforms; which one is found out at start',
      zh: '  MOONSHOT_API_KEY  两个开放平台均可；启动时判断属于哪一个',
    },
    ...(off === '' ? [] : [{ en: `Turned off although it has credentials: ${off}.`, zh: `有凭据但已关闭：${off}。` }]),
    { en: 'To look around without a key: moongate serve --demo', zh: '没有密钥也可以试用：moongate serve --demo' },
  ];
  return { en: lines.map(({ en }) => en).join('\n'), zh: lines.map(({ zh }) => zh).join('\n') };
}

/** What an owner should know before the gateway starts with this configuration; printed once. */
export function configNotices({ surfaces }: Config): readonly Bilingual[] {
  const on = Object.values(surfaces).filter(({ enabled, credentials }) => enabled && credentials.length > 0);
  const notices: Bilingual[] = [];
  for (const { id, type, user_agent_version, credentials } of on) {
    if (type === 'kimi-web') {
      notices.push({
        en: `${id} is on: the vendor's agreement does not allow scripted use of the web chat. It is for your own tokens and for trying things out; production belongs on the official API.`,
        zh: `${id} 已启用：厂商协议不允许脚本方式使用网页版。它只用于您自己的令牌和试用，正式使用请走官方 API。`,
      });
    }
    const isDisguised =
      user_agent_version !== undefined || credentials.some((credential) => credential.user_agent_version);
    if (type === 'kimi-code' && isDisguised) {
      notices.push({
        en: `${id} presents itself as KimiCLI (user_agent_version): the vendor's guidelines forbid that, and an account was terminated for it.`,
        zh: `${id} 以 KimiCLI 的身份调用（user_agent_version）：厂商准则禁止这样做，曾有账号因此被终止。`,
      });
    }
  }
  return notices;
}
