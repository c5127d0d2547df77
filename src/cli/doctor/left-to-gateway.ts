import { type Finding, skipped } from './doctor-check.ts';
import type { Examination } from './examination.ts';

/** What is not asked because the gateway that runs here holds the log-in, and who tells of it. */
export async function leftToGateway(examination: Examination): Promise<readonly Finding[]> {
  return (await examination.held()).map(({ id: about }) => {
    const command = `moongate credentials test ${about.split(' ')[0]}`;
    return skipped(
      { en: 'the gateway that runs here holds this log-in', zh: '该登录由正在运行的网关持有' },
      {
        about,
        advice: {
          en: `A renewal by anybody else would void its token. Let the gateway test it: ${command}`,
          zh: `由他人续期会使其令牌失效。请让网关测试：${command}`,
        },
      },
    );
  });
}
