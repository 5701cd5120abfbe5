/** Many plugins at once, each with its share of the operations in flight: prints how long each namespace took. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { hrtime } from "node:process"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId, OperationId, ResourceType } from "../../../src/protocol/Identity.ts"
import { type ManyPlugins, median } from "../report/Results.ts"
import { checkProperties, targetConfig } from "../work/Read.ts"

const [directory = ".", count = "0", share = "0", each = "0"] = process.argv.slice(2)
const namespaces = Array.from({ length: Number(count) }, (_, index) => `Bench${index}`)
const inFlight = Number(share)
const repeats = Number(each)

let operations = 0

const main = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const operators = yield* Effect.forEach(
    namespaces,
    (namespace) =>
      Effect.map(
        coordinator.operator({
          namespace,
          resourceUri: "bench/thing",
          operation: "Read",
          operationId: OperationId.make("bench"),
        }),
        (operator) => ({ namespace, operator }),
      ),
    { concurrency: 8 },
  )
  /** Reads one after another, as many as one place in flight is to have. */
  const lane = Effect.fnUntraced(function* ({ namespace, operator }: (typeof operators)[number], reads: number) {
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
  const all = (reads: number) =>
    Effect.forEach(
      operators,
      (one) =>
        Effect.suspend(() => {
          const began = hrtime.bigint()
          return Effect.map(
            Effect.forEach(Array.from({ length: inFlight }), () => lane(one, reads), { concurrency: "unbounded" }),
            () => Number(hrtime.bigint() - began) / 1e6,
          )
        }),
      { concurrency: "unbounded" },
    )
  yield* all(Math.max(Math.ceil(repeats / 5), 1))
  const took = yield* all(repeats)
  const found: ManyPlugins = {
    plugins: namespaces.length,
    inFlight: namespaces.length * inFlight,
    medianMillis: median(took),
    slowestMillis: Math.max(...took),
  }
  process.stdout.write(`${JSON.stringify(found)}\n`)
})

await Effect.runPromise(
  Effect.provide(main, PluginCoordinator.layerProcesses([directory]).pipe(Layer.provide(NodeServices.layer))),
)
