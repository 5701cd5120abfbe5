import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Agent } from "../../src/agent/Agent.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { Answer, definePlugin, defineResource, inProcess, ProviderError } from "../../src/plugin/index.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { changesOf, formaOf, layerAgent, makeShop, type Resources } from "./shop.ts"

const canary = "canary-was-71"
const secret = "FakeAWS::SecretsManager::Secret"
const hidden = { secret: true } as const

const tagged = (Value: Properties[string]): Resources => ({
  a: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16", Tags: [{ Key: "k", Value: Value ?? null }] }],
})
const described = (Description: Properties[string], more: Properties = {}): Resources => ({
  b: [secret, { Name: "b", SecretString: "x", Description: Description ?? null, ...more }],
})
const both = (Description: Properties[string]): Resources => ({
  ...tagged({ $ref: "b.Description" }),
  ...described(Description),
})

const detailsOf = ({ resources }: CommandResult, label: string) =>
  resources.find((one) => one.label === label)?.changes as unknown

const makeStore = Effect.gen(function* () {
  const shop = yield* makeShop
  const stored = Effect.map((yield* Inventory).list(), (rows) => JSON.stringify(rows))
  return { ...shop, stored }
})

describe("a value that was secret and is no longer marked", () => {
  it.effect("P11: is not shown where another resource refers to it, and nobody is said to have changed it", () =>
    Effect.gen(function* () {
      const { apply, events, plan, resources, stored } = yield* makeStore
      yield* apply(both({ $secret: canary }))
      const results = [yield* plan(both("nothing secret")), yield* apply(both("nothing secret"))]
      const [planned] = results
      assert.deepEqual(detailsOf(planned!, "a"), [
        {
          path: "/Tags",
          before: hidden,
          after: [{ Key: "k", Value: { $ref: "b.Description" } }],
          secretBefore: true,
          knownLater: true,
        },
      ])
      assert.deepEqual(detailsOf(planned!, "b"), [
        { path: "/Description", before: hidden, after: "nothing secret", secretBefore: true },
      ])
      assert.notInclude(JSON.stringify([results, events, yield* stored]), canary)
      const made = (yield* resources).map(({ properties }) => properties["Description"] ?? properties["Tags"])
      assert.deepInclude(made, "nothing secret")
      assert.deepInclude(made, [{ Key: "k", Value: "nothing secret" }])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("P11: is not shown or stored while it stays the same, and nor is what refers to it from now on", () =>
    Effect.gen(function* () {
      const { apply, plan, stored } = yield* makeStore
      yield* apply(described({ $secret: canary }))
      const same = { ...tagged({ $ref: "b.Description" }), ...described(canary, { SecretString: "y" }) }
      const results = [yield* plan(same), yield* apply(same)]
      assert.deepEqual(changesOf(results[1]!), ["a create", "b update"])
      assert.notInclude(JSON.stringify([results, yield* stored]), canary)
      results.push(yield* plan(both("other")), yield* plan(described("other", { SecretString: "y" })))
      assert.deepEqual(detailsOf(results[3]!, "b"), [
        { path: "/Description", before: hidden, after: "other", secretBefore: true },
      ])
      assert.notInclude(JSON.stringify(results), canary)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is secret no longer once another value is there", () =>
    Effect.gen(function* () {
      const { apply, plan, stored } = yield* makeStore
      yield* apply(described({ $secret: canary }))
      yield* apply(described("second"))
      assert.include(yield* stored, `"Description":"second"`)
      assert.deepEqual(detailsOf(yield* plan(described("third")), "b"), [
        { path: "/Description", before: "second", after: "third" },
      ])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("P11: is not sent with its change, and not in the message of a provider that quotes it", () => {
    const sent: Array<unknown> = []
    const page = defineResource({
      type: "Wiki::Of::Page",
      idempotency: "name",
      target: Schema.Struct({}),
      properties: Schema.Struct({ Text: Schema.String }),
      create: ({ properties }) => Effect.succeed(Answer.succeeded({ nativeId: "p", properties })),
      read: () => Effect.succeed({ Text: canary }),
      update: ({ patch, prior }) => {
        sent.push(prior, patch)
        return Effect.fail(new ProviderError({ code: "AccessDenied", message: `it says ${canary}` }))
      },
      delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
    })
    const plugin = inProcess(definePlugin({ name: "wiki", namespace: "Wiki", version: "1.0.0", types: [page] }))
    return Effect.gen(function* () {
      const agent = yield* Agent
      const apply = (Text: Properties[string]) =>
        agent.apply(formaOf("wiki", {}, { p: ["Wiki::Of::Page", { Text: Text ?? null }] }, "Wiki"))
      yield* apply({ $secret: canary })
      const refused = yield* apply("second")
      assert.deepEqual(changesOf(refused), ["p update: AccessDenied"])
      assert.strictEqual(refused.resources[0]?.error?.message, "it says <redacted>")
      assert.isAbove(sent.length, 1)
      assert.notInclude(JSON.stringify(sent), canary)
    }).pipe(Effect.provide(layerAgent([plugin])))
  })
})
