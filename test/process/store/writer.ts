/** Writes to a state file until it is killed, and prints a receipt for each write: `node writer.ts STATE RUN`. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { writeSync } from "node:fs"
import { CommandJournal } from "../../../src/agent/records/CommandJournal.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"

import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { endingOf, endsOf, entryOf, fibers, formaOf, operationOf, type Receipt } from "./sequence.ts"

const [file = "", runText = "0"] = process.argv.slice(2)
const run = Number(runText)

/** Handed to the system before anything else is done, so that it survives this process. */
const print = (receipt: Receipt) => Effect.sync(() => writeSync(1, `${JSON.stringify(receipt)}\n`))

const write = Effect.fnUntraced(function* (fiber: number) {
  const commands = yield* CommandJournal
  const journal = yield* OperationJournal
  const document = { name: formaOf(fiber), targets: {}, resources: [] }
  let commandId = ""
  for (let nth = 0; ; nth++) {
    const operation = operationOf(run, fiber, nth)
    const { isFirstOfRound, isLastOfRound, nativeId, operationId, requestId, round } = operation
    if (isFirstOfRound) {
      commandId = `${run}-${fiber}-${nth}`
      yield* commands.begin({ command: "apply", commandId, forma: formaOf(fiber) }, document)
      yield* print({ write: "command begin", fiber, round, commandId })
    }
    yield* journal.recordIntent(entryOf(operation, fiber, commandId))
    yield* print({ write: "intent", fiber, nth })
    yield* journal.recordProgress(operationId, { requestId, nativeId }, { _tag: "None" })
    yield* print({ write: "progress", fiber, nth })
    yield* journal.recordEnd(operationId, endingOf(operation, fiber))
    yield* print({ write: "end", fiber, nth })
    if (isLastOfRound && endsOf(round)) {
      yield* commands.end(commandId, "succeeded")
      yield* print({ write: "command end", fiber, round, commandId })
    }
    // So that the fibers take turns even where no write waits.
    yield* Effect.yieldNow
  }
})

/** Several writers of one file take turns: each holds the state until it is killed. */
const layerHolding = Layer.effectDiscard(
  Effect.flatMap(StateOwnership, ({ hold }) =>
    Effect.retry(hold, { schedule: Schedule.spaced("20 millis"), while: ({ _tag }) => _tag === "StateInUse" }),
  ),
).pipe(Layer.provideMerge(StateOwnership.layer))

const layer = Layer.mergeAll(OperationJournal.layer, CommandJournal.layerNoDeps).pipe(
  Layer.provide(layerHolding),
  Layer.provide(Store.layerFile(file)),
  Layer.provide(NodeServices.layer),
)

print({ write: "opened" }).pipe(
  Effect.andThen(
    Effect.forEach(
      Array.from({ length: fibers }, (_, fiber) => fiber),
      write,
      { concurrency: "unbounded", discard: true },
    ),
  ),
  Effect.provide(layer),
  NodeRuntime.runMain,
)
