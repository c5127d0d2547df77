import { homedir, platform } from 'node:os';
import { resolve } from 'node:path';
import { type CommandOption, textOption, UsageError } from '../command.ts';
import { MANAGERS, type Manager, type ServiceFile, serviceFile } from './service-file.ts';

type Values = Readonly<Record<string, unknown>>;

export const MANAGER_OPTION: CommandOption = {
  flags: '--manager <name>',
  summary: {
    en: 'systemd or launchd (default: what this machine has)',
    zh: 'systemd 或 launchd（默认：按本机系统）',
  },
};

/** The service file of this user, for the gateway as it is configured here. Throws UsageError. */
export function thisService(values: Values): ServiceFile {
  const args = ['config', 'data', 'listen'].flatMap((name) => {
    const value = textOption(values, name);
    if (value === undefined) return [];
    return [`--${name}`, name === 'listen' ? value : resolve(value)];
  });
  const facts = {
    node: process.execPath,
    program: resolve(process.argv[1] ?? ''),
    folder: process.cwd(),
    args,
    home: homedir(),
  };
  return serviceFile(managerOf(values), facts);
}

function managerOf(values: Values): Manager {
  const text = textOption(values, 'manager');
  const chosen = MANAGERS.find((known) => known === text);
  if (chosen !== undefined) return chosen;
  if (text !== undefined) {
    throw new UsageError({
      en: `--manager takes ${MANAGERS.join(' or ')}, not "${text}".`,
      zh: `--manager 的取值是 ${MANAGERS.join(' 或 ')}，而不是“${text}”。`,
    });
  }
  if (platform() === 'linux') return 'systemd';
  if (platform() === 'darwin') return 'launchd';
  throw new UsageError({
    en: 'This system has neither systemd nor launchd: name one with --manager, or run `moongate serve` as services are run here.',
    zh: '本系统没有 systemd 和 launchd：请用 --manager 指定，或按本系统的方式运行 `moongate serve`。',
  });
}
