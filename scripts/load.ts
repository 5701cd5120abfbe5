/**
 * `npm run load`: 200 clients on one agent, whose plugin is killed every second.
 * Says how long they waited and what memory the agent has, and ends with 1 if
 * something was lost, done twice, or memory has grown.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"

const count = (name: string, what: string, otherwise: number) =>
  Flag.Int(name).pipe(Flag.withDescription(what), Flag.withDefault(otherwise))

const load = Command.make(
  "load",
  {
    clients: count("clients", "How many clients", 200),
    documents: count("documents", "How many documents, each of 20 resources", 50),
    rounds: count("rounds", "How often each document changes", 6),
  },
  Effect.fnUntraced(function* ({ clients, documents, rounds }) {
    const run = yield* ChildProcess.make("vitest", ["run", "--silent=false", "test/process/load"], {
      extendEnv: true,
      env: {
        FORMAE_LOAD_CLIENTS: String(clients),
        FORMAE_LOAD_DOCUMENTS: String(documents),
        FORMAE_LOAD_ROUNDS: String(rounds),
      },
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    })
    process.exitCode = yield* run.exitCode
  }, Effect.scoped),
).pipe(Command.withDescription("Puts many clients on one agent, whose plugin is killed every second"))

Command.run(load, { version: "1" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
