/** Kills an import at one of its steps, and checks that nothing is lost, whether its document was written by then or not. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { existsSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import { NativeId, ResourceType } from "../../src/protocol/Identity.ts"
import { makeReaper, type Reaper } from "../../src/testing/Reaper.ts"
import { formaOf, type Resources } from "../agent/shop.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"
import { importAll, readInto } from "../cli/importing/importing.ts"
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
const straysOf = Effect.fnUntraced(function* (resources: Resources) {
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

const strays = straysOf(resources)

/** Their native ids are their names, and so are the names of the steps. */
const named: Resources = {
  pictures: ["FakeAWS::S3::Bucket", { BucketName: "pictures" }],
  logs: ["FakeAWS::S3::Bucket", { BucketName: "logs", Tags: [{ Key: "of", Value: { $ref: "pictures.Arn" } }] }],
}

/** The steps of an import in which nothing is killed. */
export const stepsOfImport = Effect.gen(function* () {
  const { importing, state } = yield* strays
  const reaper = makeReaper()
  yield* onAgent(state, perform(importing), reaper)
  assert.lengthOf(inventoryRows(state), 2)
  return reaper.reached()
}).pipe(Effect.scoped)

const caresIn = (state: string) => {
  const database = new DatabaseSync(state, { readOnly: true })
  const rows = database.prepare("SELECT care FROM resources").all()
  database.close()
  return rows.map(({ care }) => care as string | null)
}

/** A query that is imported into a document that is yet to be made. */
const querySetting = Effect.gen(function* () {
  const { before, cloud, state } = yield* straysOf(named)
  const config = { cloud, region: "eu-west-1", settleMillis: 0 }
  const into = join(yield* temporaryFolder, "found.yaml")
  const importing = (reaper: Reaper) => {
    // A document that was written is there the next time.
    const made = existsSync(into) ? {} : { targetConfig: JSON.stringify(config) }
    const asked = { into, query: ["BucketName=*"], ofType: ["FakeAWS::S3"], step: reaper.inAgent, ...made }
    return onAgent(state, (agent) => Effect.orDie(importAll(agent, asked)), reaper)
  }
  return { before, cloud, importing, into, state }
})

/** The steps of an import by query, with those of its document, and without its reads. */
export const stepsOfQuery = Effect.gen(function* () {
  const { importing, state } = yield* querySetting
  const reaper = makeReaper()
  yield* importing(reaper)
  assert.lengthOf(inventoryRows(state), 2)
  const steps = reaper.reached().filter((step) => !/^(List|Read) /.test(step))
  assert.includeMembers(steps, ["the document, before#1", "the document, after#1"])
  return steps
}).pipe(Effect.scoped)

/** Kills the agent at a step of an import by query, and makes the same import again. */
export const cutOffQuery = (step: string) =>
  Effect.gen(function* () {
    const { before, cloud, importing, into, state } = yield* querySetting
    const reaper = makeReaper(step)
    yield* importing(reaper)
    assert.isTrue(reaper.hasStruck(), step)
    const rows = inventoryRows(state)
    const isWritten = existsSync(into)
    assert.strictEqual(isWritten, reaper.reached().includes("the document, after#1"), step)
    const again = yield* Effect.exit(importing(makeReaper()))
    // Where all was done, there is nothing more to be found.
    if (!isWritten) assert.isTrue(Exit.isSuccess(again), step)
    const { forma } = yield* Effect.orDie(readInto(into))
    const plan = yield* onAgent(state, (agent) => Effect.orDie(agent.plan(forma)))
    assert.deepEqual(
      plan?.resources.map(({ operation }) => operation),
      ["noop", "noop"],
      step,
    )
    yield* onAgent(state, (agent) => Effect.orDie(agent.apply(forma)))
    assert.deepEqual(
      caresIn(state)
        .map((care) => care ?? "{}")
        .filter((care) => care.includes("retain")),
      [],
      `${step}: what is not wanted any more is deleted, as the document asks for`,
    )
    const labels = inventoryRows(state).map(({ label }) => label)
    assert.includeMembers(
      labels,
      rows.map(({ label }) => label),
      `${step}: what was taken keeps its label`,
    )
    assert.lengthOf(labels, 2, step)
    checkInvariants(cloud, state)
    assert.deepEqual(cloudResources(cloud), before, `${step}: nothing is created or deleted`)
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
