/** A folder in which formae runs while plugins attack it. */
import { execFile } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { pluginsFolder } from "../../bundles/folders.ts"
import { main } from "../formaeCommand.ts"
import { type Attack, configOf, exhibitsOf } from "./Attack.ts"

const museum = fileURLToPath(new URL("../../fixtures/plugins/museum", import.meta.url))
const peakMemory = fileURLToPath(new URL("peakMemory.mjs", import.meta.url))

/** A command that has ended. */
export interface Measured {
  /** Undefined if it was still running at its limit, and was killed. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  readonly millis: number
  /** The peak of the agent's resident memory. */
  readonly peakKiB: number
}

/** Each exhibit as it is, and under the same name a plugin that does everything right. */
const writePlugins = (folder: string, attacks: ReadonlyArray<Attack>): void => {
  for (const kind of ["hostile", "harmless"]) {
    mkdirSync(join(folder, kind))
    cpSync(join(museum, "speak.mjs"), join(folder, kind, "speak.mjs"))
    for (const exhibit of exhibitsOf(attacks)) {
      cpSync(join(museum, exhibit), join(folder, kind, exhibit), { recursive: true })
    }
  }
  for (const exhibit of exhibitsOf(attacks)) {
    writeFileSync(join(folder, "harmless", exhibit, "main.mjs"), `import { speak } from "../speak.mjs"\nspeak()\n`)
  }
}

/** The processes whose working directory is the folder, by their ids. Plugins and what they start have that of the agent. */
const processesIn = (folder: string): ReadonlyArray<number> =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder
      } catch {
        return false
      }
    })

/** Runs the command as it ships, and kills it at the limit. */
const run = (folder: string, limitMillis: number, args: ReadonlyArray<string>): Effect.Effect<Measured> =>
  Effect.gen(function* () {
    const started = yield* Clock.currentTimeMillis
    const ended = yield* Effect.callback<Pick<Measured, "code" | "stdout" | "stderr">>((resume) => {
      const options = { cwd: folder, timeout: limitMillis, killSignal: "SIGKILL", maxBuffer: Infinity } as const
      const child = execFile(
        process.execPath,
        ["--import", peakMemory, main, ...args],
        options,
        (error, stdout, stderr) => {
          const code = error === null ? 0 : error.code
          resume(Effect.succeed({ code: typeof code === "number" ? code : undefined, stdout, stderr }))
        },
      )
      return Effect.sync(() => child.kill("SIGKILL"))
    })
    const millis = (yield* Clock.currentTimeMillis) - started
    const peakKiB = ended.code === undefined ? Infinity : Number(readFileSync(join(folder, "peak-memory"), "utf8"))
    return { ...ended, millis, peakKiB }
  })

/** A folder with the configuration, and with the plugins in both forms. Whatever still runs there when the scope closes is killed. */
export const makeAttackFolder = Effect.fnUntraced(function* (attacks: ReadonlyArray<Attack>, limitMillis: number) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-attack-"))),
    (made) =>
      Effect.sync(() => {
        for (const pid of processesIn(made)) process.kill(pid, "SIGKILL")
        rmSync(made, { recursive: true })
      }),
  )
  writePlugins(folder, attacks)
  const want = (document: string) => Effect.sync(() => writeFileSync(join(folder, "attacks.yaml"), document))
  writeFileSync(join(folder, "agent.yaml"), configOf(attacks))
  const apply = (kind: "hostile" | "harmless") =>
    run(folder, limitMillis, [
      "apply",
      "attacks.yaml",
      "--json",
      "--config=agent.yaml",
      `--plugins=${kind}`,
      `--plugins=${join(pluginsFolder, "fake-aws")}`,
    ])
  return {
    apply,
    want,
    /** Completes with what still runs in the folder once nothing does, or a second after the command. */
    left: Effect.repeat(
      Effect.sync(() => processesIn(folder)),
      {
        until: (pids) => pids.length === 0,
        schedule: Schedule.upTo(Schedule.spaced("20 millis"), { duration: "1 second" }),
      },
    ),
  }
})
