/** Documents with every form that may stand for a value go on to an apply. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { readForma } from "../../src/agent/forma/FormaText.ts"
import { type DocumentInputs, FileRefused } from "../../src/agent/forma/template/DocumentInputs.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { layerTestStore } from "../../src/testing/TestStore.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { makeFakeCloud } from "../plugins/fake-aws/FakeCloud.ts"
import { type Dice, fuzzSeeds, makeDice } from "../transport/fuzzedFrames.ts"
import { canary, fuzzedDocument, network } from "./fuzzedDocument.ts"
import { changesOf, outcomes } from "./shop.ts"

const inputs: DocumentInputs = {
  parameters: { key: canary },
  variable: (name) => (name === "SET" ? "set" : undefined),
  readFile: (path) => (path === "a.txt" ? Effect.succeed("a") : Effect.fail(new FileRefused({ reason: "it is gone" }))),
}

const layerOnTestStore = Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
  Layer.provide([layerTestStore, PluginCoordinator.layerInProcess([inProcess(fakeAws)])]),
)

/** The documents of one world, one version of a document after the other. */
const versions = 3

const checkMessage = (said: string): void => {
  assert.notMatch(said, /undefined|\[object|Error:|\.ts:\d|node_modules/)
  assert.notInclude(said, canary)
}

const makeWorld = Effect.gen(function* () {
  const agent = yield* Agent
  const cloud = yield* makeFakeCloud
  const inventory = yield* Inventory
  const targets = { cloud: { namespace: "FakeAWS", config: cloud.target() } }
  const read = (document: object, name: string, given: DocumentInputs = inputs) =>
    Effect.map(readForma(JSON.stringify({ ...document, targets }), name, given), ({ forma }) => forma)
  yield* agent.apply(yield* read(network, "network", {}))
  /** What is there, and what was sent. */
  const snapshot = Effect.all({
    rows: inventory.list(),
    open: Effect.map(agent.inventory, ({ notes, resources }) => ({ notes, resources })),
    sent: Effect.map(cloud.calls, (calls) =>
      calls.filter(({ operation }) => operation !== "read" && operation !== "recover" && operation !== "list"),
    ),
  })
  return { agent, read, snapshot }
})

/** A change that a plan still finds belongs to a resource that has failed, or that waits for one. */
const checkSecond = (first: CommandResult, second: CommandResult): void => {
  const failed = new Set(first.resources.flatMap(({ error, label }) => (error === null ? [] : [label])))
  assert.deepEqual(
    second.resources.filter(
      ({ error, label, operation }) => operation !== "noop" && error === null && !failed.has(label),
    ),
    [],
    `after ${outcomes(first).join(", ")} the second plan has ${changesOf(second).join(", ")}`,
  )
}

/** A name may be taken by what an earlier version has left there. */
const knownAtTheProvider = ["AlreadyExists", "DependencyFailure"]

type Verdict = "unreadable" | "refused" | "applied" | "failed"

const tryDocument = Effect.fnUntraced(function* (
  { agent, read, snapshot }: Effect.Success<typeof makeWorld>,
  document: object,
): Effect.fn.Return<Verdict, unknown> {
  const forma = yield* Effect.result(read(document, "app"))
  if (Result.isFailure(forma)) {
    for (const { message } of forma.failure.issues) checkMessage(message)
    return "unreadable"
  }
  const before = yield* snapshot
  const applied = yield* Effect.result(agent.apply(forma.success))
  if (Result.isFailure(applied)) {
    checkMessage(applied.failure.message)
    assert.deepEqual(yield* snapshot, before, `nothing is done by what is refused: ${applied.failure.message}`)
    return "refused"
  }
  for (const { error } of applied.success.resources) {
    if (error === null) continue
    checkMessage(error.message)
    assert.include(knownAtTheProvider, error.code, `only the provider could know: ${error.message}`)
  }
  assert.notInclude(JSON.stringify(applied.success), canary)
  assert.notInclude(JSON.stringify((yield* snapshot).rows), canary)
  checkSecond(applied.success, yield* agent.plan(forma.success))
  return applied.success.status === "failed" ? "failed" : "applied"
})

const liveIn = (dice: Dice) =>
  Effect.gen(function* () {
    const world = yield* makeWorld
    return yield* Effect.forEach(Array.from({ length: versions }), () => {
      const document = fuzzedDocument(dice)
      return tryDocument(world, document).pipe(
        Effect.catchCause((cause) => Effect.die(new Error(JSON.stringify(document), { cause }))),
      )
    })
  }).pipe(Effect.scoped, Effect.provide(Layer.fresh(layerOnTestStore), { local: true }), withPassingTime)

describe("a document with every form of values", () => {
  it.effect(
    "is refused before anything is done, or applied so that nothing is left to do",
    () =>
      Effect.gen(function* () {
        const verdicts = { unreadable: 0, refused: 0, applied: 0, failed: 0 }
        for (const seed of fuzzSeeds(8)) {
          for (const verdict of yield* liveIn(makeDice(seed))) verdicts[verdict] += 1
        }
        // Otherwise the documents are too good, or too bad.
        assert.isAbove(verdicts.refused, 1)
        assert.isAbove(verdicts.applied, 5)
      }),
    3_600_000,
  )
})
