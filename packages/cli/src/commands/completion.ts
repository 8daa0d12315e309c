import type { Command } from 'commander';
import { summaryOf } from '../command-line/summary.ts';
import { Trouble } from '../trouble.ts';

/** What is completed behind one command. */
interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly { readonly long: string; readonly values: readonly string[]; readonly takesValue: boolean }[];
  /** Words that may stand where files may not. */
  readonly words: readonly string[];
}

const SHELLS: Readonly<Record<string, (commands: readonly Completed[]) => string>> = { bash, zsh, fish };

/**
 * The completion script of a shell.
 *
 * @throws {@link Trouble} for a shell that has none.
 */
export function completion(program: Command, shell: string): string {
  const make = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (make === undefined) throw new Trouble(`<shell> is "${shell}"; expected one of ${Object.keys(SHELLS).join(', ')}`);
  const names = program.commands.map((command) => command.name());
  return make(
    program.commands.map((command) => ({
      name: command.name(),
      summary: summaryOf(command),
      options: [
        ...command.options.map((option) => ({
          long: option.long ?? option.flags,
          values: option.argChoices ?? [],
          takesValue: option.required || option.optional,
        })),
        { long: '--help', values: [], takesValue: false },
      ],
      words: command.name() === 'help' ? names : command.name() === 'completion' ? Object.keys(SHELLS) : [],
    })),
  );
}

function bash(commands: readonly Completed[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter((option) => option.values.length > 0)
      .map((option) => `    '${name} ${option.long}') words='${option.values.join(' ')}' ;;`),
  );
  const files = commands.flatMap(({ name, options }) =>
    options.filter((option) => option.takesValue && option.values.length === 0).map((option) => `'${name} ${option.long}'`),
  );
  const longs = commands.map(
    ({ name, options, words }) =>
      `        ${name}) words='${options.map(({ long }) => long).join(' ')}'${words.length === 0 ? '' : `; [[ $cur == -* ]] || words='${words.join(' ')}'`} ;;`,
  );
  return `# bash completion of netdrift, made by netdrift completion bash
_netdrift() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$cur"))
    return
  fi
  case "$command $prev" in
${values.join('\n')}
    ${files.join('|')}) ;;
    *)
      case $command in
${longs.join('\n')}
      esac
      # A file is wanted where no option begins.
      case $command in ${commands
        .filter(({ words }) => words.length > 0)
        .map(({ name }) => name)
        .join('|')}) ;; *) [[ $cur == -* ]] || words= ;; esac
      ;;
  esac
  COMPREPLY=()
  [ -z "$words" ] || COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _netdrift netdrift
`;
}

function zsh(commands: readonly Completed[]): string {
  const names = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map(({ name, options, words }) => {
    const specs = options.map(({ long, values, takesValue }) =>
      quoted(`*${long}${values.length > 0 ? `:value:(${values.join(' ')})` : takesValue ? ':file:_files' : ''}`),
    );
    return `    ${name}) _arguments ${specs.join(' ')} ${words.length > 0 ? quoted(`*:word:(${words.join(' ')})`) : "'*:file:_files'"} ;;`;
  });
  return `#compdef netdrift
# zsh completion of netdrift, made by netdrift completion zsh
_netdrift() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _netdrift netdrift
`;
}

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, summary, options, words }) => [
    `complete -c netdrift -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...options.map(
      ({ long, values, takesValue }) =>
        `complete -c netdrift -n '__fish_seen_subcommand_from ${name}' -l ${long.slice(2)}${values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : ''}`,
    ),
    ...(words.length === 0 ? [] : [`complete -c netdrift -n '__fish_seen_subcommand_from ${name}' -f -a ${quoted(words.join(' '))}`]),
  ]);
  return `# fish completion of netdrift, made by netdrift completion fish\n${lines.join('\n')}\n`;
}

/** In single quotes, in which these shells read all but a single quote as it is. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
