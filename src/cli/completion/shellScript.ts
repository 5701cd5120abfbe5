/** The scripts that make a shell complete the words of the command: those of the parser, and names that only formae knows. Pure. */
import * as Completions from "effect/cli/Completions"
import { argumentsOf, flagsOf } from "./Completable.ts"
import { hiddenWord } from "./hiddenWord.ts"

/** The shells whose scripts ask for names. Those of others have the words of the parser alone. */
export type AskingShell = "bash" | "zsh"

type Paths = "directory" | "either" | "file"

/** The arguments and flags that are paths, by their names. */
const paths: Readonly<Record<string, Paths>> = {
  config: "file",
  dir: "directory",
  file: "either",
  "only-plugins": "directory",
  out: "file",
  parameters: "file",
  plugins: "directory",
  revoke: "directory",
  state: "file",
  target: "file",
  trust: "directory",
}

const withPath = <A extends Completions.ArgumentDescriptor | Completions.FlagDescriptor>(one: A): A => {
  const pathType = one.type._tag === "String" && Object.hasOwn(paths, one.name) ? paths[one.name] : undefined
  return pathType === undefined ? one : { ...one, type: { _tag: "Path", pathType } }
}

const withPaths = (command: Completions.CommandDescriptor): Completions.CommandDescriptor => ({
  ...command,
  flags: command.flags.map(withPath),
  arguments: command.arguments.map(withPath),
  subcommands: command.subcommands.map(withPaths),
})

/** Patterns for `case` of the lines that formae is asked about. To start it takes longer than to look at a word. */
const asked = [
  ...[...argumentsOf.keys()].map((word) => `${word} `),
  ...[...flagsOf.keys()].flatMap((flag) => [`${flag} `, `${flag}=`]),
]
  .map((word) => `*" ${word}"*`)
  .join("|")

const bashNames = `
_formae--names()
{
  local cur prev words cword _line _found=()
  _init_completion -n "$COMP_WORDBREAKS" || return
  case " \${words[*]} " in
    ${asked})
      while IFS= read -r _line; do _found+=("$_line"); done < <("\${words[0]}" ${hiddenWord} "$cword" "\${words[@]}" 2>/dev/null </dev/null)
      ;;
  esac
  COMPREPLY=()
  ((\${#_found[@]} > 0)) && _formae--choices "$cur" "$2" "\${_found[@]}"
  ((\${#COMPREPLY[@]} > 0)) || _formae "$@"
}

complete -F _formae--names formae
`

const zshNames = `functions[_formae--words]=$functions[_formae]

_formae() {
  local -a _found
  case " $words " in
    ${asked})
      _found=("\${(@f)$("\${(Q)words[1]}" ${hiddenWord} $((CURRENT - 1)) "\${(@Q)words}" 2>/dev/null </dev/null)}")
      _found=("\${(@)_found:#}")
      ;;
  esac
  (( $#_found )) && compadd -a _found && return
  _formae--words "$@"
}

`

/** What the script of the parser ends with in zsh: everything is defined. */
export const zshEnd = "# Handle both direct invocation and autoload\n"

/** The whole script. */
export const shellScript = (shell: AskingShell, root: Completions.CommandDescriptor): string => {
  const script = Completions.generate("formae", shell, withPaths(root))
  return shell === "bash" ? script + bashNames : script.replace(zshEnd, () => zshNames + zshEnd)
}
