import type { CommandEntry, CommandGroup } from '../command.ts';

/** The commands in the order of the help. Each is loaded when it is called, so that the program starts fast. */
export const COMMANDS: readonly (CommandEntry | CommandGroup)[] = [
  { name: 'serve', summary: 'run the gateway', load: async () => (await import('./serve.ts')).serve },
  { name: 'chat', summary: 'talk to Kimi in the terminal', load: async () => (await import('./chat.ts')).chat },
  {
    name: 'models',
    summary: 'list the models, with prices and limits',
    load: async () => (await import('./models.ts')).models,
  },
  {
    name: 'explain',
    summary: 'show what would be sent for a request, and why, without sending it',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'config',
    summary: 'look at the configuration',
    commands: [
      {
        name: 'check',
        summary: 'validate the configuration and tell what it gives',
        load: async () => (await import('./config-check.ts')).configCheck,
      },
      {
        name: 'show',
        summary: 'print the whole configuration with its defaults, secrets masked',
        load: async () => (await import('./config-show.ts')).configShow,
      },
    ],
  },
  {
    name: 'simulate',
    summary: 'run the simulator of the Moonshot platform alone',
    load: async () => (await import('./simulate.ts')).simulate,
  },
];
