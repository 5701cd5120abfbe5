/** The shells that `/bin/sh` is on one system or another, with the programs that come with them. */
import { spawnSync } from "node:child_process"
import { chmodSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { programFolders } from "../../../src/platform/systemFiles.ts"

export interface Shell {
  readonly name: string
  /** The name of the program that a machine needs for it. */
  readonly program: string
  /** The programs that stand in the place of those of the system, by their names. */
  readonly programs: Readonly<Record<string, Program>>
}

/** A program of BusyBox, or the text of a script. */
type Program = { readonly applet: true } | { readonly script: string }

const applet: Program = { applet: true }

/** As old and small systems have them: a grep that does not read on after a NUL, and a sleep of whole seconds. */
const smallPrograms = {
  grep: {
    script: `#!/bin/sh
[ "$#" -eq 2 ] || exit 2
/usr/bin/head -z -n 1 | /usr/bin/tr -d '\\000' | /bin/grep "$@"
`,
  },
  sleep: { script: `#!/bin/sh\ncase "$1" in *.*) exit 1 ;; esac\nexec /bin/sleep "$1"\n` },
} as const

const known: ReadonlyArray<Shell> = [
  { name: "the sh of this system", program: "sh", programs: {} },
  { name: "dash", program: "dash", programs: {} },
  { name: "bash as a POSIX shell", program: "bash", programs: {} },
  { name: "a shell with small programs", program: "sh", programs: smallPrograms },
  {
    name: "BusyBox with its own programs",
    program: "busybox",
    programs: { grep: applet, kill: applet, printf: applet, sleep: applet, tr: applet },
  },
]

/** The path of a program. Undefined where the machine has none. */
const find = (program: string): string | undefined => {
  const { status, stdout } = spawnSync("/bin/sh", ["-c", `command -v "$0"`, program], { encoding: "utf8" })
  return status === 0 ? stdout.trim() : undefined
}

/** The file that a program really is. */
const fileOf = (program: string): string | undefined => {
  const found = find(program)
  return found === undefined ? undefined : realpathSync(found)
}

const system = fileOf("sh")

/** Each once: the one that is the `sh` of this system is tested as that. */
export const shells = known.filter(
  ({ program, programs }) =>
    program === "sh" || Object.keys(programs).length > 0 || system === undefined || fileOf(program) !== system,
)

/** Whether the machine has it. */
export const isThere = ({ program }: Shell): boolean => find(program) !== undefined

/** The program of a shell, which has to be started under the name `sh`, and its PATH. Bash then obeys POSIX and reads no file of its user. */
export const prepared = (
  shell: Shell,
): Effect.Effect<{ readonly command: string; readonly path: string }, never, Scope.Scope> =>
  Effect.gen(function* () {
    const command = find(shell.program) ?? shell.program
    if (Object.keys(shell.programs).length === 0) return { command, path: programFolders }
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-test-"))),
      (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true })),
    )
    for (const [name, program] of Object.entries(shell.programs)) {
      const file = join(folder, name)
      if ("applet" in program) symlinkSync(command, file)
      else {
        writeFileSync(file, program.script)
        chmodSync(file, 0o755)
      }
    }
    // BusyBox has nothing but its own, so that no program of the system helps it.
    const isWhole = Object.values(shell.programs).every((program) => "applet" in program)
    return { command, path: isWhole ? folder : `${folder}:${programFolders}` }
  })
