/**
 * `npm run survival`: the long form of a test that `npm test` runs in a short
 * form. It kills at every step and lives through many more random histories.
 * `npm run survival -- --help` lists the flags.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ChildProcess from "effect/process/ChildProcess"

const runs = Flag.Int("runs").pipe(Flag.withDescription("How many random histories"), Flag.withDefault(1_000))
const seed = Flag.String("seed").pipe(Flag.withDescription("The seed of the random histories"), Flag.withDefault("1"))
const replay = Flag.String("replay").pipe(
  Flag.withMetavar("TOKEN"),
  Flag.withDescription("Runs only one history that failed, by the token in its message"),
  Flag.optional,
)
const kills = Flag.Int("kills").pipe(
  Flag.withDescription(
    "Runs only this: the shipped command, in which the agent, a plugin, the guard, or two of them are killed at random moments, this many times. 300 take ten minutes",
  ),
  Flag.optional,
)
const replayKills = Flag.String("replay-kills").pipe(
  Flag.withMetavar("TOKEN"),
  Flag.withDescription("Runs only one of those histories, by the token in its message"),
  Flag.optional,
)
const api = Flag.Boolean("api").pipe(
  Flag.withDescription(
    "Runs only this: what is killed while commands are asked for over the API of an agent that stays",
  ),
  Flag.withDefault(false),
)
const cluster = Flag.Boolean("cluster").pipe(
  Flag.withDescription(
    "Runs only this: what is killed, paused or cut off while several runners share a state, in memory at each step, and with processes at random moments",
  ),
  Flag.withDefault(false),
)
const minutes = Flag.Int("minutes").pipe(
  Flag.withDescription("With --cluster: runs only the part with processes, for so many minutes"),
  Flag.optional,
)
const takeOver = Flag.Boolean("take-over").pipe(
  Flag.withDescription(
    "Runs only this: measures how long a command is without a runner, by what has happened to the runner and what the command does. It takes two minutes",
  ),
  Flag.withDefault(false),
)
const processes = Flag.Boolean("processes").pipe(
  Flag.withDescription("Runs the long form of the tests with real processes too, which takes an hour"),
  Flag.withDefault(false),
)

const realProcesses = ["test/process/survival", "test/process/store", "test/process/conformance", "test/sdk/survival"]

const randomStrikes = "test/process/cluster/randomStrikes.test.ts"

const testsFor = (flags: {
  readonly replay: Option.Option<string>
  readonly kills: Option.Option<number>
  readonly replayKills: Option.Option<string>
  readonly processes: boolean
  readonly api: boolean
  readonly cluster: boolean
  readonly minutes: Option.Option<number>
  readonly takeOver: boolean
}): ReadonlyArray<string> => {
  if (Option.isSome(flags.replay)) return ["test/survival/histories.test.ts"]
  if (Option.isSome(flags.kills) || Option.isSome(flags.replayKills))
    return ["test/process/survival/randomKills.test.ts"]
  if (flags.api) return ["test/survival/api"]
  if (flags.takeOver) return ["test/process/cluster/takeOver.test.ts"]
  if (flags.cluster) return [...(Option.isSome(flags.minutes) ? [] : ["test/survival/cluster"]), randomStrikes]
  return flags.processes ? ["test/survival", ...realProcesses] : ["test/survival"]
}

const survival = Command.make(
  "survival",
  { runs, seed, replay, kills, replayKills, processes, api, cluster, minutes, takeOver },
  Effect.fnUntraced(function* (flags) {
    const token = Option.getOrUndefined(flags.replay)
    const killsToken = Option.getOrUndefined(flags.replayKills)
    const tests = testsFor(flags)
    const run = yield* ChildProcess.make("vitest", ["run", ...tests], {
      extendEnv: true,
      env: {
        FORMAE_SURVIVAL: "whole",
        FORMAE_RUNS: String(flags.runs),
        FORMAE_SEED: flags.seed,
        ...(token === undefined ? {} : { FORMAE_REPLAY: token }),
        ...(Option.isNone(flags.kills) ? {} : { FORMAE_KILLS: String(flags.kills.value) }),
        ...(Option.isNone(flags.minutes) ? {} : { FORMAE_MINUTES: String(flags.minutes.value) }),
        ...(killsToken === undefined ? {} : { FORMAE_REPLAY_KILLS: killsToken }),
      },
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    })
    process.exitCode = yield* run.exitCode
  }, Effect.scoped),
).pipe(Command.withDescription("Checks that whatever dies at whatever step, nothing is lost, doubled or left behind"))

Command.run(survival, { version: "1" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
