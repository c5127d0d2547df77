import type { CompletedCommand, CompletedOption } from './command-tree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that a shell reads; it holds all that it offers, so that Tab starts no program. */
export function completionScript(shell: Shell, tree: readonly CompletedCommand[]): string {
  if (shell === 'bash') return bash(tree);
  return shell === 'zsh' ? zsh(tree) : fish(tree);
}

const joined = (path: readonly string[]): string => path.join(' ');
const namesOf = (options: readonly CompletedOption[]): readonly string[] => options.flatMap(({ names }) => names);

function bash(tree: readonly CompletedCommand[]): string {
  const cases = tree.map(({ path, children, options }) => {
    const words = [...children.map(({ name }) => name), ...namesOf(options)];
    return `    '${joined(path)}') words='${words.join(' ')}' ;;`;
  });
  const paths = tree.filter(({ path }) => path.length > 0).map(({ path }) => `'${joined(path)}'`);
  return `# moongate: put this line into ~/.bashrc
#   eval "$(moongate completion bash)"
_moongate() {
  local path='' next words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in ${paths.join('|')}) path="$next" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _moongate moongate
`;
}

function zsh(tree: readonly CompletedCommand[]): string {
  const cases = tree.map(({ path, children, options }) => {
    const commands = children.map(({ name, summary }) => `      ${zshWord(name, summary)}`);
    const flags = options.flatMap(({ names, summary }) => names.map((name) => `      ${zshWord(name, summary)}`));
    return `    '${joined(path)}')\n      words_here=(\n${[...commands, ...flags].join('\n')}\n      ) ;;`;
  });
  const paths = tree.filter(({ path }) => path.length > 0).map(({ path }) => `'${joined(path)}'`);
  return `#compdef moongate
# moongate: put this line into ~/.zshrc, behind compinit
#   eval "$(moongate completion zsh)"
_moongate() {
  local here='' next word
  local -a words_here
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${here:+$here }$word"
    case "$next" in ${paths.join('|')}) here="$next" ;; esac
  done
  case "$here" in
${cases.join('\n')}
  esac
  _describe 'moongate' words_here || _files
}
compdef _moongate moongate
`;
}

/** \`name:what it is\`, quoted. */
function zshWord(name: string, summary: string): string {
  return `'${name}:${summary.replaceAll("'", "'\\''")}'`;
}

function fish(tree: readonly CompletedCommand[]): string {
  const lines = tree.flatMap(({ path, children, options }) => {
    const when = `-n '__moongate_at "${joined(path)}"'`;
    return [
      ...children.map(({ name, summary }) => `complete -c moongate -f ${when} -a ${name} -d ${fishText(summary)}`),
      ...options.map(({ names, takesValue, summary }) => {
        const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
        return `complete -c moongate ${when} ${flags.join(' ')}${takesValue ? ' -r' : ''} -d ${fishText(summary)}`;
      }),
    ];
  });
  const paths = tree.filter(({ path }) => path.length > 0).map(({ path }) => `'${joined(path)}'`);
  return `# moongate: write this to ~/.config/fish/completions/moongate.fish
function __moongate_at
    set -l here ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim "$here $word")
        if contains -- "$next" ${paths.join(' ')}
            set here "$next"
        end
    end
    test "$here" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
