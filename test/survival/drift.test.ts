import { assert, describe, it } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import { makeReaper, type Victim, victims } from "../../src/testing/Reaper.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOf, type Resources } from "../agent/shop.ts"
import { isWhole } from "../shortForm.ts"
import { makeSetting } from "./cutOff.ts"
import { checkInvariants, cloudResources } from "./invariants.ts"
import { onAgent } from "./world.ts"

/** One that is changed elsewhere, with a secret, and one that is deleted elsewhere. */
const resources: Resources = {
  password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: "s3cr3t", Description: "wanted" }],
  web: ["FakeAWS::EC2::Instance", { ImageId: "ami-1", InstanceType: "t3.micro" }],
}

const repaired = (cloud: string): Forma => {
  const forma = formaOf("shop", { cloud, region: "eu-west-1", settleMillis: 0 }, resources)
  return { ...forma, resources: forma.resources.map((one) => ({ ...one, drift: "repair" })) }
}

const elsewhere = (cloud: string): void => {
  const database = new DatabaseSync(cloud)
  database.exec(
    "UPDATE resources SET properties = json_set(properties, '$.Description', 'by hand') WHERE type LIKE '%Secret'",
  )
  database.exec("DELETE FROM resources WHERE type LIKE '%Instance'")
  database.close()
}

/** Repairs with an agent that may be killed, and again with the next ones, until there is nothing to do. */
const repairKilled = (step?: string, victim?: Victim) =>
  Effect.gen(function* () {
    const { cloud, state } = yield* makeSetting
    const forma = repaired(cloud)
    yield* onAgent(state, (agent) => agent.apply(forma))
    elsewhere(cloud)
    const reaper = makeReaper(step, victim)
    yield* onAgent(state, (agent) => agent.sync({ repair: true }), reaper)
    const resumed = yield* onAgent(state, (agent) => agent.resume())
    assert.notStrictEqual(resumed?.status, "failed")
    yield* onAgent(state, (agent) => agent.sync({ repair: true }))
    const last = yield* onAgent(state, (agent) => agent.sync())
    assert.deepInclude(last, { read: 2, resources: [] }, "what had drifted is as wanted")
    const plan = yield* onAgent(state, (agent) => agent.plan(forma))
    assert.deepEqual(
      plan?.resources.map(({ operation }) => operation),
      ["noop", "noop"],
    )
    assert.lengthOf(cloudResources(cloud), 2, "nothing is there twice")
    checkInvariants(cloud, state)
    return reaper
  }).pipe(Effect.scoped, withPassingTime)

describe("P3: whatever is killed at any step of a sync and its repair", () => {
  it.effect(
    "nothing is lost, doubled or left drifted",
    () =>
      Effect.gen(function* () {
        const steps = (yield* repairKilled()).reached()
        assert.isTrue(steps.some((step) => step.startsWith("last read of password")))
        assert.isTrue(steps.some((step) => step.startsWith("intent to Update password")))
        assert.isTrue(steps.some((step) => step.startsWith("intent to Create web")))
        for (const [index, step] of steps.entries()) {
          for (const victim of isWhole ? victims : victims.filter((_, place) => place === index % victims.length)) {
            const { hasStruck } = yield* repairKilled(step, victim).pipe(
              Effect.catchCause((cause) => Effect.die(new Error(`${victim} killed at "${step}"`, { cause }))),
            )
            assert.isTrue(hasStruck(), step)
          }
        }
      }),
    600_000,
  )
})
