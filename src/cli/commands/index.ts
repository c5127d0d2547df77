import type { CommandEntry, CommandGroup } from '../command.ts';

const ACTIONS = {
  list: {
    en: 'list them: who serves, who rests and until when, what is left of the quotas',
    zh: '列出凭据：状态、休息原因与时间、剩余额度',
  },
  add: { en: 'add one; its secret is read from standard input', zh: '添加凭据（密钥从标准输入读取）' },
  remove: { en: 'take one out', zh: '移除凭据' },
  enable: { en: 'let one serve again', zh: '启用凭据' },
  disable: { en: 'let one serve no more', zh: '停用凭据' },
  test: { en: 'ask its surface whether it works; success ends its rests', zh: '测试凭据；成功则结束休息' },
  clear: { en: 'end its rests by hand', zh: '手动结束休息' },
} as const;

const CREDENTIAL_COMMANDS: readonly CommandEntry[] = (Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]).map((name) => ({
  name,
  summary: ACTIONS[name],
  load: async () => (await import('./credentials.ts')).credentials[name],
}));
const KEY_ACTIONS = {
  create: { en: 'issue a key', zh: '创建密钥' },
  list: { en: 'list the keys, masked', zh: '列出密钥（带掩码）' },
  show: { en: 'show a key with what it has used', zh: '查看密钥及其用量' },
  rotate: { en: 'replace a key by a new one', zh: '轮换密钥' },
  revoke: { en: 'stop a key at once', zh: '立即吊销密钥' },
} as const;

const KEY_COMMANDS: readonly CommandEntry[] = (Object.keys(KEY_ACTIONS) as (keyof typeof KEY_ACTIONS)[]).map(
  (name) => ({
    name,
    summary: KEY_ACTIONS[name],
    load: async () => (await import('./keys.ts')).keys[name],
  }),
);

/** The commands in the order of the help. Each is loaded when it is called, so that the program starts fast. */
export const COMMANDS: readonly (CommandEntry | CommandGroup)[] = [
  {
    name: 'init',
    summary: { en: 'from a key to a working gateway, by questions', zh: '回答几个问题，从密钥到可用的网关' },
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'serve',
    summary: { en: 'run the gateway', zh: '运行网关' },
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'chat',
    summary: { en: 'talk to Kimi in the terminal', zh: '在终端与 Kimi 对话' },
    load: async () => (await import('./chat.ts')).chat,
  },
  {
    name: 'models',
    summary: { en: 'list the models, with prices and limits', zh: '列出模型、价格和限制' },
    load: async () => (await import('./models.ts')).models,
    subcommands: [
      {
        name: 'set',
        summary: { en: "set the clients' default model", zh: '设置客户端的默认模型' },
        load: async () => (await import('./models-set.ts')).modelsSet,
      },
    ],
  },
  {
    name: 'setup',
    summary: {
      en: 'point a client at the gateway: Clawdbot, Claude Code, Codex …',
      zh: '让客户端使用网关：Clawdbot、Claude Code、Codex 等',
    },
    load: async () => (await import('./setup.ts')).setup,
  },
  {
    name: 'explain',
    summary: {
      en: 'show what would be sent for a request, and why, without sending it',
      zh: '说明一个请求会如何发送及其原因，但不真正发送',
    },
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'keys',
    summary: { en: 'issue, list, rotate and revoke the keys of clients', zh: '创建、查看、轮换和吊销客户端密钥' },
    commands: KEY_COMMANDS,
  },
  {
    name: 'usage',
    summary: { en: 'show what was used and what it cost', zh: '查看用量和费用' },
    load: async () => (await import('./usage.ts')).usage,
  },
  {
    name: 'backup',
    summary: { en: 'copy the database to a file while the gateway runs', zh: '在网关运行时把数据库备份到文件' },
    load: async () => (await import('./backup.ts')).backup,
  },
  {
    name: 'migrate-store',
    summary: { en: 'move everything from SQLite to PostgreSQL', zh: '把全部数据从 SQLite 迁移到 PostgreSQL' },
    load: async () => (await import('./migrate-store.ts')).migrateStore,
  },
  {
    name: 'verify',
    summary: { en: 'test whether an endpoint behaves as clients expect', zh: '检查端点的行为是否符合客户端预期' },
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'migrate',
    summary: {
      en: 'find what in a code base does not fit Kimi, and rewrite it',
      zh: '查找并改写代码中不适合 Kimi 的地方',
    },
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'conversations',
    summary: { en: 'look after the conversations that the gateway remembers', zh: '管理网关记住的对话' },
    commands: [
      {
        name: 'list',
        summary: { en: 'list them, or search them', zh: '列出或搜索' },
        load: async () => (await import('./conversations-list.ts')).conversationsList,
      },
      {
        name: 'show',
        summary: { en: 'show what was said in one', zh: '显示一个对话的内容' },
        load: async () => (await import('./conversations-show.ts')).conversationsShow,
      },
      {
        name: 'export',
        summary: { en: 'write one as Markdown or JSON', zh: '导出为 Markdown 或 JSON' },
        load: async () => (await import('./conversations-export.ts')).conversationsExport,
      },
      {
        name: 'delete',
        summary: { en: 'delete some for good', zh: '永久删除' },
        load: async () => (await import('./conversations-delete.ts')).conversationsDelete,
      },
      {
        name: 'fork',
        summary: { en: 'begin another one like one', zh: '从一个对话分出另一个' },
        load: async () => (await import('./conversations-fork.ts')).conversationsFork,
      },
    ],
  },
  {
    name: 'config',
    summary: { en: 'look at the configuration', zh: '查看配置' },
    commands: [
      {
        name: 'check',
        summary: { en: 'validate the configuration and tell what it gives', zh: '检查配置并说明其效果' },
        load: async () => (await import('./config-check.ts')).configCheck,
      },
      {
        name: 'show',
        summary: {
          en: 'print the whole configuration with its defaults, secrets masked',
          zh: '输出完整配置（含默认值，密钥已遮盖）',
        },
        load: async () => (await import('./config-show.ts')).configShow,
      },
    ],
  },
  {
    name: 'credentials',
    summary: { en: 'look at and change the credentials of a running gateway', zh: '查看和管理运行中网关的凭据' },
    commands: CREDENTIAL_COMMANDS,
  },
  {
    name: 'doctor',
    summary: { en: 'find out what stands in the way, and what to configure', zh: '检查问题所在并给出配置建议' },
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'quota',
    summary: { en: 'show what each account has left, and when it begins anew', zh: '查看各账号的剩余额度与重置时间' },
    load: async () => (await import('./quota.ts')).quota,
  },
  {
    name: 'simulate',
    summary: { en: "run the simulator of Kimi's surfaces alone", zh: '单独运行 Kimi 各接入面的模拟器' },
    load: async () => (await import('./simulate.ts')).simulate,
  },
  {
    name: 'logs',
    summary: { en: 'show the log of a running gateway', zh: '查看运行中网关的日志' },
    load: async () => (await import('./logs.ts')).logs,
  },
  {
    name: 'bench',
    summary: { en: 'a small load test of a gateway', zh: '对网关做小规模压力测试' },
    load: async () => (await import('./bench.ts')).bench,
  },
  {
    name: 'service',
    summary: { en: 'let the gateway run as a service of this user', zh: '把网关作为当前用户的服务运行' },
    commands: [
      {
        name: 'install',
        summary: { en: 'write the service file, which is shown first', zh: '写入服务文件（先显示内容）' },
        load: async () => (await import('./service-install.ts')).serviceInstall,
      },
      {
        name: 'uninstall',
        summary: { en: 'remove the service file', zh: '删除服务文件' },
        load: async () => (await import('./service-uninstall.ts')).serviceUninstall,
      },
      {
        name: 'status',
        summary: { en: 'tell whether the service runs and answers', zh: '查看服务是否运行并应答' },
        load: async () => (await import('./service-status.ts')).serviceStatus,
      },
    ],
  },
  {
    name: 'completion',
    summary: { en: 'print the completion for bash, zsh or fish', zh: '输出 bash、zsh 或 fish 的补全脚本' },
    load: async () => (await import('./completion.ts')).completion,
  },
];
