import { assert, describe, it } from "@effect/vitest"
import { PluginCoordinator } from "formae/agent"
import { inProcess } from "formae/plugin"
import { NativeId, Operation, OperationId, ResourceType } from "formae/protocol"
import {
  beforeCall,
  type CallFault,
  type CallFilter,
  crash,
  everyCall,
  fakePlugin,
  firstCalls,
  nthCall,
  nthCallOfLaunch,
  type NumberedCall,
  withFaults,
  withPassingTime,
} from "formae/testing"
import * as Effect from "effect/Effect"
import { layerCoordinator, makePages } from "./pages.ts"

const resourceType = ResourceType.make("Book::Text::Page")

const operatorOf = (operationId: OperationId, operation: "Read" | "List") =>
  Effect.flatMap(PluginCoordinator, (coordinator) =>
    withPassingTime(coordinator.operator({ namespace: "Book", resourceUri: "book/a", operation, operationId })),
  )

let lastOperation = 0
const freshId = () => OperationId.make(`operation ${++lastOperation}`)

/** Whatever comes of it. */
const read = Effect.gen(function* () {
  const operationId = freshId()
  const operator = yield* operatorOf(operationId, "Read")
  const subject = { operationId, resourceType, targetConfig: {}, label: "a" }
  const operation = Operation.cases.Read.make({ ...subject, nativeId: NativeId.make("a") })
  yield* Effect.exit(operator.perform(operation, () => Effect.void))
})

const list = Effect.gen(function* () {
  const operationId = freshId()
  const operator = yield* operatorOf(operationId, "List")
  yield* operator.list({ operationId, resourceType, targetConfig: {} })
})

/** A fault that does nothing, and the calls that it has seen, as `Read 2, 1 in launch 2`. */
const makeWitness = () => {
  const seen: Array<string> = []
  const witness: CallFault = ({ kind, launch, number, numberInLaunch }, handle) => {
    seen.push(`${kind} ${number}, ${numberInLaunch} in launch ${launch}`)
    return handle
  }
  return { seen, witness }
}

const witnessed = (witness: CallFault) => withFaults(makePages().plugin, witness)
type Witnessed = ReturnType<typeof witnessed>

describe("the number of a call", () => {
  it.effect("counts its kind, over all launches and within each; faults around faults see the same one", () => {
    const [outer, inner] = [makeWitness(), makeWitness()]
    const crashing = beforeCall(nthCall("Read", 3), crash())
    const plugin = withFaults(withFaults(makePages().plugin, inner.witness), outer.witness, crashing)
    return Effect.gen(function* () {
      for (const operation of [read, list, read, read, read, list]) yield* operation
      assert.deepEqual(outer.seen, [
        "Read 1, 1 in launch 1",
        "List 1, 1 in launch 1",
        "Read 2, 2 in launch 1",
        "Read 3, 3 in launch 1",
        "Read 4, 1 in launch 2",
        "List 2, 1 in launch 2",
      ])
      assert.deepEqual(inner.seen, outer.seen.toSpliced(3, 1))
    }).pipe(Effect.provide(layerCoordinator(fakePlugin(plugin))))
  })

  it.effect.each([
    ["in a fake process", (plugin: Witnessed) => layerCoordinator(fakePlugin(plugin))],
    ["linked in", (plugin: Witnessed) => PluginCoordinator.layerInProcess([inProcess(plugin)])],
  ] as const)("begins with each layer that the same plugin, %s, is used in", ([, layerOf]) => {
    const { seen, witness } = makeWitness()
    const layer = layerOf(witnessed(witness))
    return Effect.gen(function* () {
      yield* Effect.provide(Effect.andThen(read, read), layer)
      yield* Effect.provide(read, layer)
      assert.deepEqual(seen, ["Read 1, 1 in launch 1", "Read 2, 2 in launch 1", "Read 1, 1 in launch 1"])
    })
  })
})

describe("a filter of calls", () => {
  const second: NumberedCall = {
    kind: "Read",
    type: resourceType,
    operationId: OperationId.make("op"),
    label: "a",
    launch: 2,
    number: 2,
    numberInLaunch: 1,
  }
  const metBy = (filter: CallFilter) => ({
    it: filter(second),
    earlier: filter({ ...second, launch: 1, number: 1 }),
    later: filter({ ...second, number: 3, numberInLaunch: 2 }),
    otherKind: filter({ ...second, kind: "Create" }),
  })

  it.each([
    ["everyCall", everyCall("Read"), { it: true, earlier: true, later: true, otherKind: false }],
    ["nthCall", nthCall("Read", 2), { it: true, earlier: false, later: false, otherKind: false }],
    ["firstCalls", firstCalls("Read", 2), { it: true, earlier: true, later: false, otherKind: false }],
    ["nthCallOfLaunch", nthCallOfLaunch("Read", 1), { it: true, earlier: true, later: false, otherKind: false }],
  ] as const)("%s means the calls that it says", (_, filter, met) => {
    assert.deepEqual(metBy(filter), met)
  })
})
