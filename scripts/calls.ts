/**
 * `npm run calls`: counts on moto what the AWS plugin sends for each type, and
 * for the commands on a document of 62 resources. Writes docs/calls.md, and
 * prints the figures of the commands by operation.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { writeFileSync } from "node:fs"
import { AwsClients } from "../plugins/aws/src/AwsClients.ts"
import { callsPage } from "../test/sdk/calls/callsPage.ts"
import { commands, countCommands } from "../test/sdk/calls/countCommands.ts"
import { countTypes } from "../test/sdk/calls/countTypes.ts"
import { moto } from "../test/sdk/emulators/moto.ts"

/** Emulators take any credentials; the SDK of AWS looks for some. */
process.env["AWS_ACCESS_KEY_ID"] = "test"
process.env["AWS_SECRET_ACCESS_KEY"] = "test"

Effect.gen(function* () {
  const emulator = yield* moto
  const counted = yield* countCommands(emulator)
  for (const command of commands) {
    const byOperation = Object.entries(Object.groupBy(counted[command], (call) => call))
    const lines = byOperation.map(([call, { length } = []]) => `${`${length}`.padStart(6)} ${call}`)
    yield* Console.log([`${command}: ${counted[command].length}`, ...lines.toSorted().toReversed()].join("\n"))
  }
  // It is new each time: it has nothing of the document.
  const page = callsPage(yield* Effect.provide(Effect.flatMap(moto, countTypes), AwsClients.layer))
  yield* Effect.sync(() => writeFileSync(new URL("../docs/calls.md", import.meta.url), page))
}).pipe(Effect.scoped, Effect.provide(NodeServices.layer), NodeRuntime.runMain)
