/** Runs the formae command as a process in a temporary folder. */
import { execFile, type ExecFileOptions } from "node:child_process"
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { commandFolder, usersFolder } from "../bundles/folders.ts"

/** The command as it is shipped: a bundle. */
export const main = join(commandFolder, "main.mjs")
/** The command as it is in a checkout: TypeScript. */
const source = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))

export interface Ended {
  /** Undefined if a signal ended it. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. It is killed when its scope closes. */
export interface Begun {
  readonly pid: number
  readonly signal: (name: NodeJS.Signals) => Effect.Effect<boolean>
  /** Waits until its stderr has the text. */
  readonly said: (text: string) => Effect.Effect<boolean>
  /** Waits until its stdout has the text. */
  readonly printed: (text: string) => Effect.Effect<boolean>
  /** Its stderr so far. */
  readonly stderr: () => string
  readonly ended: Effect.Effect<Ended>
}

const startFile = (
  file: string,
  options: ExecFileOptions,
  args: ReadonlyArray<string>,
  onEnd: (ended: Ended) => void,
) =>
  execFile(file, args, { ...options, encoding: "utf8" }, (error, stdout, stderr) => {
    const code = error === null ? 0 : error.code
    onEnd({ code: typeof code === "number" ? code : undefined, stdout, stderr })
  })

/** A temporary folder in which `program` is run as the command. */
const start = (program: string, options: ExecFileOptions, args: ReadonlyArray<string>, onEnd: (ended: Ended) => void) =>
  startFile(process.execPath, options, [program, ...args], onEnd)

interface User {
  readonly uid?: number
  readonly gid?: number
}

/** The environment of a user. Another one than that of the tests has folders of its own. */
const environmentOf = ({ gid, uid }: User): NodeJS.ProcessEnv => {
  if (uid === undefined) return process.env
  const own = join(usersFolder, String(uid))
  mkdirSync(own, { recursive: true })
  chownSync(own, uid, gid ?? uid)
  return {
    ...process.env,
    HOME: own,
    XDG_STATE_HOME: join(own, "state"),
    XDG_CONFIG_HOME: join(own, "config"),
    XDG_DATA_HOME: join(own, "data"),
  }
}

export const makeFolderFor = Effect.fnUntraced(function* (program: string) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-cli-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true })),
  )
  const at = (file: string) => join(folder, file)
  const begin = beginIn(folder)
  const formaeAs =
    (user: User, environment: NodeJS.ProcessEnv = {}, below = ".") =>
    (...args: ReadonlyArray<string>) =>
      Effect.callback<Ended>((resume) => {
        const env = { ...environmentOf(user), ...environment }
        const child = start(program, { cwd: at(below), env, ...user }, args, (ended) => resume(Effect.succeed(ended)))
        return Effect.sync(() => child.kill("SIGKILL"))
      })
  return {
    at,
    textOf: (file: string) => readFileSync(at(file), "utf8"),
    has: (file: string) => existsSync(at(file)),
    write: (file: string, text: string | Uint8Array) => {
      mkdirSync(dirname(at(file)), { recursive: true })
      writeFileSync(at(file), text)
    },
    /** All bytes of the files in one of its folders. */
    bytesIn: (part: string) =>
      readdirSync(at(part))
        .map((file) => readFileSync(join(at(part), file), "latin1"))
        .join(""),
    formae: formaeAs({}),
    /** Runs the command as another user, if this one may do that, or with other variables in its environment, or from a folder below. */
    formaeAs,
    /** Starts the command without waiting for its end. */
    begin: (...args: ReadonlyArray<string>) => begin(process.execPath, program, ...args),
    /** Starts a script of bash, in which `$formae` is the command. */
    beginScript: (script: string) =>
      begin("bash", "-c", `set -o pipefail; formae="${process.execPath} ${program}"\n${script}`),
  }
})

/** Starts a program in a folder. */
export const beginIn =
  (folder: string) =>
  (file: string, ...args: ReadonlyArray<string>): Effect.Effect<Begun, never, Scope.Scope> =>
    Effect.gen(function* () {
      const ending = Deferred.makeUnsafe<Ended>()
      const child = yield* Effect.acquireRelease(
        Effect.sync(() =>
          startFile(file, { cwd: folder }, args, (ended) => Deferred.doneUnsafe(ending, Exit.succeed(ended))),
        ),
        (started) =>
          Effect.andThen(
            Effect.sync(() => started.kill("SIGKILL")),
            Deferred.await(ending),
          ),
      )
      const received = { stdout: "", stderr: "" }
      child.stdout?.on("data", (text: string) => (received.stdout += text))
      child.stderr?.on("data", (text: string) => (received.stderr += text))
      const waitFor = (stream: keyof typeof received) => (text: string) =>
        Effect.repeat(
          Effect.delay(
            Effect.sync(() => received[stream].includes(text)),
            "10 millis",
          ),
          { until: (found) => found },
        )
      return {
        pid: child.pid ?? 0,
        signal: (name: NodeJS.Signals) => Effect.sync(() => child.kill(name)),
        said: waitFor("stderr"),
        printed: waitFor("stdout"),
        stderr: () => received.stderr,
        ended: Deferred.await(ending),
      }
    })

export type CommandFolder = Effect.Success<ReturnType<typeof makeFolderFor>>

export const makeFolder = makeFolderFor(main)
export const makeFolderOfSource = makeFolderFor(source)
