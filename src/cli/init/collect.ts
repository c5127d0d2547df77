import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/index.ts';
import { isLoopback, parseListen } from '../../config/listen.ts';
import { Secret } from '../../config/secret.ts';
import { textOption, UsageError } from '../command.ts';
import type { Bilingual, Phrase } from '../language.ts';
import type { Answers, NewCredential, SurfaceId } from './answers.ts';
import type { Interview } from './interview.ts';
import { KEY_SOURCES, recognise } from './pasted-key.ts';
import { type GoodKey, hostUnknown, type Placing, placeKey } from './place-key.ts';

export interface Collecting {
  readonly values: Readonly<Record<string, unknown>>;
  readonly config: Config;
  readonly keys: readonly string[];
  /** Undefined: nobody is asked. */
  readonly interview: Interview | undefined;
  readonly tell: (words: Phrase) => void;
}

/** Everything that is to be known, from the flags first and by questions for the rest. */
export async function collectAnswers(collecting: Collecting): Promise<Answers> {
  const credentials = await collectCredentials(collecting);
  const listen = await collectListen(collecting);
  return { credentials, listen, clientKey: clientKeyFor(listen, collecting) };
}

async function collectCredentials(collecting: Collecting): Promise<readonly NewCredential[]> {
  const { values, keys, interview } = collecting;
  if (values['demo'] === true) return [];
  const found: NewCredential[] = [];
  for (const text of keys) found.push(...(await placed(goodKey(text), collecting)));
  if (interview === undefined || keys.length > 0) return found;
  interview.show({ en: 'Where keys come from', zh: '密钥从哪里来' }, KEY_SOURCES);
  for (;;) {
    const text = await interview.secret(found.length === 0 ? FIRST_KEY : NEXT_KEY, (value) => {
      if (value.trim() === '') return undefined;
      const key = recognise(value);
      return key.kind === 'problem' ? key.problem : undefined;
    });
    if (text.trim() === '') return found;
    found.push(...(await placed(goodKey(text), collecting)));
  }
}

const FIRST_KEY: Phrase = {
  en: 'Paste a key: of the platform (sk-…), of Kimi Code (sk-kimi-…), or a token of the web chat. Enter alone: none now.',
  zh: '粘贴密钥：开放平台（sk-…）、Kimi Code（sk-kimi-…），或网页版 token。直接回车：暂时没有。',
};
const NEXT_KEY: Phrase = { en: 'Another key? Enter alone: no.', zh: '还有别的密钥吗？直接回车：没有。' };

function goodKey(text: string): GoodKey {
  const key = recognise(text);
  if (key.kind === 'problem') throw new UsageError(key.problem);
  return key;
}

async function placed(
  key: GoodKey,
  { values, config, interview, tell }: Collecting,
): Promise<readonly NewCredential[]> {
  const askHost: Placing['askHost'] = async () => {
    if (interview === undefined) throw hostUnknown(key);
    const answer = await interview.choose<SurfaceId | 'none'>(UNKNOWN_HOST, [
      { value: 'moonshot-cn', label: 'moonshot-cn · platform.kimi.com' },
      { value: 'moonshot-ai', label: 'moonshot-ai · platform.kimi.ai' },
      { value: 'none', label: { en: 'leave this key out', zh: '不使用这个密钥' } },
    ]);
    return answer === 'none' ? undefined : answer;
  };
  const credential = await placeKey(key, { config, named: textOption(values, 'surface'), tell, askHost });
  return credential === undefined ? [] : [credential];
}

const UNKNOWN_HOST: Phrase = {
  en: 'Neither host took this key, or neither can be reached. Where does it come from?',
  zh: '两个站点都不接受这个密钥，或都无法连接。它来自哪里？',
};

async function collectListen({ values, config, interview }: Collecting): Promise<string | undefined> {
  const given = textOption(values, 'listen');
  if (given !== undefined) {
    const problem = listenProblem(given);
    if (problem !== undefined) throw new UsageError({ en: `--listen: ${problem.en}`, zh: `--listen：${problem.zh}` });
    return given;
  }
  if (interview === undefined) return undefined;
  const { port } = config.listen;
  const answer = await interview.choose({ en: 'Who may call the gateway?', zh: '谁可以访问网关？' }, [
    {
      value: 'here',
      label: { en: `programs of this machine (127.0.0.1:${port})`, zh: `本机程序（127.0.0.1:${port}）` },
    },
    {
      value: 'all',
      label: {
        en: `other machines too (0.0.0.0:${port}); a key is made for them`,
        zh: `其他机器也可以（0.0.0.0:${port}）；会为它们生成密钥`,
      },
    },
    { value: 'other', label: { en: 'another address', zh: '其他地址' } },
  ]);
  if (answer === 'here') return `127.0.0.1:${port}`;
  if (answer === 'all') return `0.0.0.0:${port}`;
  return interview.text({ en: 'Host and port', zh: '主机和端口' }, `127.0.0.1:${port}`, listenProblem);
}

function listenProblem(text: string): Bilingual | undefined {
  if (parseListen(text) !== undefined) return undefined;
  return { en: 'This is no address such as 127.0.0.1:8000.', zh: '这不是地址，应类似 127.0.0.1:8000。' };
}

/** Where others can reach the gateway, anybody could spend the owner's credentials: there they need a key. */
function clientKeyFor(listen: string | undefined, { config, tell }: Collecting): Secret | undefined {
  const host = listen === undefined ? undefined : parseListen(listen)?.host;
  if (host === undefined || isLoopback(host) || config.keys.length > 0) return undefined;
  tell({
    en: 'Others can reach that address, so clients will need a key: MY_CLIENT_KEY in .env.',
    zh: '该地址可被他人访问，因此客户端需要密钥：见 .env 中的 MY_CLIENT_KEY。',
  });
  return new Secret(`sk-moongate-${randomBytes(24).toString('base64url')}`);
}
