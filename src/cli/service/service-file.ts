import { join } from 'node:path';
import { NODE_FLAGS } from '../collector.ts';

export const MANAGERS = ['systemd', 'launchd'] as const;
export type Manager = (typeof MANAGERS)[number];

export interface ServiceFacts {
  /** The interpreter and the program, absolute. */
  readonly node: string;
  readonly program: string;
  /** Where it runs: `.env` and moongate.yaml are looked for there. */
  readonly folder: string;
  /** The options of `serve`. */
  readonly args: readonly string[];
  readonly home: string;
}

export interface ServiceFile {
  readonly path: string;
  readonly text: string;
  /** What is typed to start it, and to stop it for good. */
  readonly start: readonly string[];
  readonly stop: readonly string[];
  /** Answers with \`active\`, or fails. */
  readonly status: readonly string[];
}

const LABEL = 'moongate.gateway';

export function serviceFile(manager: Manager, facts: ServiceFacts): ServiceFile {
  return manager === 'systemd' ? systemdUnit(facts) : launchdPlist(facts);
}

function systemdUnit({ node, program, folder, args, home }: ServiceFacts): ServiceFile {
  const command = [node, ...NODE_FLAGS, program, 'serve', ...args].map(systemdWord).join(' ');
  return {
    path: join(home, '.config/systemd/user/moongate.service'),
    text: `[Unit]
Description=moongate, the gateway in front of Kimi
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${command}
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=${folder.replaceAll('%', '%%')}
Restart=on-failure
RestartSec=2
TimeoutStopSec=60
NoNewPrivileges=true
UMask=0077

[Install]
WantedBy=default.target
`,
    start: ['systemctl --user daemon-reload', 'systemctl --user enable --now moongate', 'loginctl enable-linger'],
    stop: ['systemctl --user disable --now moongate'],
    status: ['systemctl', '--user', 'is-active', 'moongate'],
  };
}

/** systemd expands % and $, and takes C escapes inside of quotes. */
function systemdWord(word: string): string {
  const text = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./$-]+$/.test(text) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function launchdPlist({ node, program, folder, args, home }: ServiceFacts): ServiceFile {
  const path = join(home, `Library/LaunchAgents/${LABEL}.plist`);
  const words = [node, ...NODE_FLAGS, program, 'serve', ...args].map((word) => `    <string>${xmlText(word)}</string>`);
  return {
    path,
    text: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words.join('\n')}
  </array>
  <key>WorkingDirectory</key>
  <string>${xmlText(folder)}</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>StandardErrorPath</key>
  <string>${xmlText(join(home, 'Library/Logs/moongate.log'))}</string>
  <key>Umask</key>
  <integer>63</integer>
</dict>
</plist>
`,
    start: [`launchctl bootstrap gui/$(id -u) ${shellWord(path)}`],
    stop: [`launchctl bootout gui/$(id -u)/${LABEL}`],
    status: ['launchctl', 'list', LABEL],
  };
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
