/**
 * Calls many plugins at once and prints a `CrowdResult`. Its arguments are the
 * folder of the plugins, how many there are, how many calls are in flight to
 * each, and how many follow one another in each place in flight.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { hrtime } from "node:process"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId, OperationId, ResourceType } from "../../../src/protocol/Identity.ts"
import type { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { median } from "../report/median.ts"
import type { CrowdResult } from "../report/Results.ts"
import { checkProperties, targetConfig } from "../work/Read.ts"

const [folder = ".", count = "0", share = "0", each = "0"] = process.argv.slice(2)
const namespaces = Array.from({ length: Number(count) }, (_, index) => `Bench${index}`)
const inFlight = Number(share)
const reads = Number(each)

interface Member {
  readonly namespace: string
  readonly operator: PluginOperator["Service"]
}

let operations = 0

/** Reads so many resources of one plugin, one after another. */
const lane = Effect.fnUntraced(function* ({ namespace, operator }: Member, reads: number) {
  for (let done = 0; done < reads; done++) {
    const answer = yield* operator.perform(
      {
        _tag: "Read",
        operationId: OperationId.make(`operation-${++operations}`),
        resourceType: ResourceType.make(`${namespace}::Storage::Thing`),
        targetConfig,
        label: "thing",
        nativeId: NativeId.make(`thing-${done}`),
      },
      () => Effect.void,
    )
    if (answer.status === "Failed") return yield* Effect.die(answer.failure.message)
    checkProperties(answer.properties)
  }
})

/** How long the plugin takes for its lanes side by side, in milliseconds. */
const lanes = (member: Member, reads: number) =>
  Effect.suspend(() => {
    const startedAt = hrtime.bigint()
    return Effect.map(
      Effect.forEach(Array.from({ length: inFlight }), () => lane(member, reads), { concurrency: "unbounded" }),
      () => Number(hrtime.bigint() - startedAt) / 1e6,
    )
  })

const main = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const crowd = yield* Effect.forEach(
    namespaces,
    (namespace) =>
      Effect.map(
        coordinator.operator({
          namespace,
          resourceUri: "bench/thing",
          operation: "Read",
          operationId: OperationId.make("bench"),
        }),
        (operator): Member => ({ namespace, operator }),
      ),
    { concurrency: 8 },
  )
  const all = (reads: number) => Effect.forEach(crowd, (member) => lanes(member, reads), { concurrency: "unbounded" })
  const warmUp = Math.max(Math.ceil(reads / 5), 1)
  yield* all(warmUp)
  const millis = yield* all(reads)
  const result: CrowdResult = {
    plugins: namespaces.length,
    inFlight: namespaces.length * inFlight,
    medianMillis: median(millis),
    slowestMillis: Math.max(...millis),
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
})

await Effect.runPromise(
  Effect.provide(main, PluginCoordinator.layerProcesses([folder]).pipe(Layer.provide(NodeServices.layer))),
)
