import { type Command, EXIT, UsageError } from '../command.ts';
import { commandTree } from '../completion/command-tree.ts';
import { completionScript, SHELLS } from '../completion/scripts.ts';
import { COMMANDS } from './index.ts';

export const completion: Command = {
  args: '<shell>',
  words: SHELLS.map((name) => ({ name, summary: name })),
  details: {
    en: 'Prints a script for bash, zsh or fish that completes commands and options; its first lines say where it belongs.',
    zh: '输出 bash、zsh 或 fish 的补全脚本，可补全命令和选项；脚本开头说明如何安装。',
  },
  options: [],
  examples: [
    { line: 'eval "$(moongate completion bash)"', what: { en: 'in this shell', zh: '在当前 shell 中启用' } },
    {
      line: 'moongate completion fish > ~/.config/fish/completions/moongate.fish',
      what: { en: 'for every fish', zh: '在 fish 中长期启用' },
    },
  ],
  async run({ stdout, language }, _values, [name = '']) {
    const shell = SHELLS.find((known) => known === name);
    if (shell === undefined) {
      throw new UsageError({
        en: `There is a completion for ${SHELLS.join(', ')}, not for "${name}".`,
        zh: `支持 ${SHELLS.join('、')} 的补全，不支持“${name}”。`,
      });
    }
    stdout.write(completionScript(shell, await commandTree(COMMANDS, language)));
    return EXIT.ok;
  },
};
