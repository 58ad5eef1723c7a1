import { COMMON, type Command, UsageError } from "../command.ts";

/** What loads a command. */
interface Loadable {
  readonly load: () => Promise<Command>;
}

/** Returns the command that completes these commands. */
export const completionOf = (entries: readonly Loadable[]): Command => ({
  name: "completion",
  summary: "Prints a script that completes commands, options and their values.",
  positionals: "<bash, zsh or fish>",
  options: {},
  examples: [
    ["completion bash >> ~/.bashrc", "bash"],
    ['completion zsh > "${fpath[1]}/_promptpack"', "zsh"],
    ["completion fish > ~/.config/fish/completions/promptpack.fish", "fish"],
  ],
  run: async ({ positionals }, terminal) => {
    const [shell = ""] = positionals;
    const write = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
    if (write === undefined || positionals.length !== 1)
      throw new UsageError("completion needs a shell: bash, zsh or fish");
    terminal.write(write(await Promise.all(entries.map((entry) => entry.load()))));
    return 0;
  },
});

const shells: Readonly<Record<string, (commands: readonly Command[]) => string>> = { bash, zsh, fish };

/** The words that may follow, for each command and each option with choices. */
function words(commands: readonly Command[]): {
  readonly names: string;
  readonly cases: string;
  readonly choices: string;
} {
  const cases = commands.map((command) => `    ${command.name}) words="${flags(command).join(" ")}" ;;`);
  const choices = new Map<string, string>();
  for (const { name, options } of commands) {
    for (const [flag, option] of Object.entries(options)) {
      if (option.choices !== undefined) choices.set(`${name}:--${flag}`, option.choices.join(" "));
    }
  }
  return {
    names: [...commands.map(({ name }) => name), "help"].join(" "),
    cases: [...cases, `    help) words="${commands.map(({ name }) => name).join(" ")}" ;;`].join("\n"),
    choices: [...choices].map(([key, list]) => `    ${key}) words="${list}" ;;`).join("\n"),
  };
}

function flags({ name, options }: Command): string[] {
  if (name === "completion") return Object.keys(shells);
  return Object.keys({ ...options, ...COMMON, help: {} }).map((flag) => `--${flag}`);
}

function bash(commands: readonly Command[]): string {
  const { names, cases, choices } = words(commands);
  return `# promptpack completion for bash
_promptpack() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} --help --version" -- "$word"))
    return
  fi
  case "$verb:$before" in
${choices}
  esac
  if [ -z "$words" ]; then
    case "$verb" in
${cases}
    esac
    case "$verb:$word" in completion:* | help:* | *:-*) ;; *) words="" ;; esac
  fi
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _promptpack promptpack
`;
}

function zsh(commands: readonly Command[]): string {
  const { names, cases, choices } = words(commands);
  return `#compdef promptpack
# promptpack completion for zsh
_promptpack() {
  local words_left verb="\${words[2]}" before="\${words[CURRENT-1]}" word="\${words[CURRENT]}"
  if (( CURRENT == 2 )); then
    compadd -- ${names} --help --version
    return
  fi
  case "$verb:$before" in
${choices.replaceAll("words=", "words_left=")}
  esac
  if [[ -z "$words_left" ]]; then
    case "$verb" in
${cases.replaceAll("words=", "words_left=")}
    esac
    case "$verb:$word" in completion:* | help:* | *:-*) ;; *) words_left="" ;; esac
  fi
  if [[ -n "$words_left" ]]; then
    compadd -- \${=words_left}
  else
    _files
  fi
}
compdef _promptpack promptpack
`;
}

function fish(commands: readonly Command[]): string {
  const lines = ["# promptpack completion for fish"];
  const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  for (const { name, summary } of commands) {
    lines.push(`complete -c promptpack -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`);
  }
  for (const { name, options } of commands) {
    for (const [flag, { type, about, choices }] of Object.entries({ ...options, ...COMMON })) {
      const value = type === "boolean" ? "" : choices === undefined ? " -r" : ` -x -a ${quote(choices.join(" "))}`;
      lines.push(
        `complete -c promptpack -n '__fish_seen_subcommand_from ${name}' -l ${flag}${value} -d ${quote(about)}`,
      );
    }
  }
  lines.push("complete -c promptpack -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'");
  return `${lines.join("\n")}\n`;
}
