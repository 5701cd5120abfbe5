/** Kills an import at one of its steps, and checks that nothing is lost, whether its document was written by then or not. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import { NativeId, ResourceType } from "../../src/protocol/Identity.ts"
import { makeReaper } from "../../src/testing/Reaper.ts"
import { formaOf, type Resources } from "../agent/shop.ts"
import { perform } from "./Command.ts"
import { formaName, inMemory, makeSetting, type Runner } from "./cutOff.ts"
import { checkInvariants, cloudResources, inventoryRows } from "./invariants.ts"
import { onAgent } from "./world.ts"

const resources: Resources = {
  net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
  block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
}

const retained = (forma: Forma): Forma => ({
  ...forma,
  resources: forma.resources.map((one) => ({ ...one, onRemove: "retain" as const })),
})

/** Two resources that exist and that no document has. */
const strays = Effect.gen(function* () {
  const { cloud, state } = yield* makeSetting
  const config = { cloud, region: "eu-west-1", settleMillis: 0 }
  const forma = formaOf("strays", config, resources)
  const made = yield* onAgent(state, perform({ command: "apply", forma: retained(forma) }))
  yield* onAgent(state, perform({ command: "destroy", name: "strays" }))
  assert.deepEqual(inventoryRows(state), [])
  const things = (made?.resources ?? []).map(({ label, nativeId, type }) => ({
    label,
    type: ResourceType.make(type),
    nativeId: NativeId.make(nativeId ?? ""),
    target: "cloud",
  }))
  const written = formaOf(formaName, config, resources)
  const importing = { command: "import", forma: written, things } as const
  return { cloud, importing, state, written, without: formaOf(formaName, config, {}), before: cloudResources(cloud) }
})

/** The steps of an import in which nothing is killed. */
export const stepsOfImport = Effect.gen(function* () {
  const { importing, state } = yield* strays
  const reaper = makeReaper()
  yield* onAgent(state, perform(importing), reaper)
  assert.lengthOf(inventoryRows(state), 2)
  return reaper.reached()
}).pipe(Effect.scoped)

/** Kills the agent at a step. Then the document is applied as it was before, or the import is made again. */
export const cutOffImport = (step: string, isWritten: boolean, runner: Runner = inMemory) =>
  Effect.gen(function* () {
    const { before, cloud, importing, state, without, written } = yield* strays
    const { struck } = yield* runner.run(state, importing, { step, victim: "agent" })
    assert.isTrue(struck, step)
    const imported = inventoryRows(state).length
    assert.include([0, 2], imported, step)
    if (isWritten) {
      yield* onAgent(state, perform(importing))
      const again = yield* onAgent(state, perform({ command: "apply", forma: written }))
      assert.deepEqual(
        again?.resources.map(({ operation }) => operation),
        ["noop", "noop"],
        step,
      )
      assert.lengthOf(inventoryRows(state), 2, step)
      checkInvariants(cloud, state)
    } else {
      yield* onAgent(state, perform({ command: "apply", forma: without }))
      assert.deepEqual(inventoryRows(state), [], step)
    }
    assert.deepEqual(cloudResources(cloud), before, `${step}: nothing is created or deleted`)
    return imported
  }).pipe(Effect.scoped)
