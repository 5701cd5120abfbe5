/**
 * `npm run fuzz`: the long form of the tests that send frames which are almost
 * right, to the agent, to a plugin and to the API, and read and apply documents of every form,
 * and of properties of what is sent and stored. `npm run fuzz -- --help` lists the flags.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"

const runs = Flag.Int("runs").pipe(Flag.withDescription("How many seeds each test runs"), Flag.withDefault(20_000))
const seed = Flag.Int("seed").pipe(Flag.withDescription("The first seed"), Flag.withDefault(1))

const fuzz = Command.make(
  "fuzz",
  { runs, seed },
  Effect.fnUntraced(function* (flags) {
    const tests = [
      "test/agent/launch/FuzzedAnswers.test.ts",
      "test/plugin/FuzzedRequests.test.ts",
      "test/agent/FuzzedApplies.test.ts",
      "test/agent/forma/template/FuzzedDocuments.test.ts",
      "test/control/badInput.test.ts",
      "test/protocol/RoundTrip.test.ts",
      "test/agent/apply/StepRequest.test.ts",
      "test/agent/records/Claims.test.ts",
    ]
    const run = yield* ChildProcess.make("vitest", ["run", "--project", "unit", ...tests], {
      extendEnv: true,
      env: { FORMAE_RUNS: String(flags.runs), FORMAE_SEED: String(flags.seed) },
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    })
    process.exitCode = yield* run.exitCode
  }, Effect.scoped),
).pipe(Command.withDescription("Checks that no frame ends more than the call that it names"))

Command.run(fuzz, { version: "1" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
