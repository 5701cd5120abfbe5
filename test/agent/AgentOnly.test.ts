import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { cutOffUnanswered, resume, silentAfter } from "./commands/cutOff.ts"
import { document, makeAgent } from "./plan/shelf.ts"
import { changesOf, formaOf, layerAgent, makeShop, outcomes, type Resources, shop, without } from "./shop.ts"

const tagged = (bucket: string, value: Properties[string]): Resources[string] => [
  "FakeAWS::S3::Bucket",
  { BucketName: `bucket-${bucket}`, Tags: [{ Key: "t", Value: value ?? null }] },
]

const makeLimited = Effect.gen(function* () {
  const agent = yield* Agent
  const made = yield* makeShop
  const forma = (resources: Resources, more: Partial<Forma> = {}, config: Properties = made.target()): Forma => ({
    ...formaOf("shop", config, resources),
    ...more,
  })
  return {
    ...made,
    agent,
    forma,
    only: (given: Forma, ...labels: ReadonlyArray<string>) => agent.apply(given, { only: labels }),
    refused: (given: Forma, ...labels: ReadonlyArray<string>) =>
      Effect.map(Effect.flip(agent.apply(given, { only: labels })), ({ _tag, message }) => `${_tag}: ${message}`),
    labels: Effect.map(agent.inventory, ({ resources }) => resources.map(({ label }) => label)),
  }
})

describe("an apply that is limited to some labels", () => {
  it.effect("does them and what they need, and leaves all others as they are", () =>
    Effect.gen(function* () {
      const { agent, forma, labels, only, resources, writes } = yield* makeLimited
      const first = forma({ ...without(shop, "tail", "alone"), gone: tagged("gone", "x") })
      const planned = yield* agent.plan(first, { only: ["block", "pictures"] })
      const limit = { labels: ["block", "pictures"], added: [{ label: "net", by: "block", reason: "needed" }], of: 9 }
      assert.deepEqual<unknown>(planned.only, limit)
      assert.deepEqual(outcomes(planned), ["net create", "block create", "pictures create"])
      const applied = yield* only(first, "block", "pictures")
      assert.deepEqual<unknown>(applied.only, limit)
      assert.deepEqual(outcomes(applied), outcomes(planned))
      assert.deepEqual(yield* labels, ["block", "net", "pictures"])

      yield* agent.apply(first)
      const made = (yield* resources).length
      const calls = (yield* writes).length
      // `gone` is not in the document any more, `old` and `note` are others, and `pictures` has a tag.
      const second = forma({
        ...without(shop, "tail", "alone"),
        pictures: ["FakeAWS::S3::Bucket", { BucketName: "shop-pictures", Tags: [{ Key: "t", Value: "new" }] }],
        old: ["FakeAWS::Legacy::Widget", { Model: "other", Size: 1 }],
        note: ["FakeAWS::SecretsManager::Secret", { Name: "note", SecretString: "y" }],
      })
      assert.deepEqual(changesOf(yield* only(second, "logs")), ["pictures update"])
      assert.lengthOf(yield* resources, made)
      assert.deepEqual((yield* writes).slice(calls), ["update S3::Bucket"])
      assert.deepEqual(changesOf(yield* agent.plan(second)), ["note update", "old replace", "gone delete"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("does what a replacement forces, and refuses what it would have to delete", () =>
    Effect.gen(function* () {
      const { agent, forma, only, refused, writes } = yield* makeLimited
      const network = (cidr: string, ...left: ReadonlyArray<string>): Forma =>
        forma(
          without(
            {
              ...without(shop, "tail", "web", "logs", "note", "old", "password"),
              net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }],
              notes: tagged("notes", { $ref: "net.VpcId" }),
            },
            ...left,
          ),
        )
      yield* agent.apply(network("10.0.0.0/16"))
      const before = (yield* writes).length
      const replacing = network("10.7.0.0/16", "alone")
      assert.deepEqual(outcomes(yield* agent.plan(replacing, { only: ["net"] })), [
        "net replace",
        "block replace",
        "notes update",
      ])
      assert.strictEqual(
        yield* refused(network("10.7.0.0/16", "block"), "net"),
        "OnlyRefused: Nothing was done, because net would be replaced, and block, which depends on it, would have to be changed before; choose it too, or leave net out",
      )
      assert.strictEqual(
        yield* refused(forma({}), "net"),
        "OnlyRefused: Nothing was done, because net would be deleted, and block, notes, which depend on it, would have to be changed before; choose them too, or leave net out",
      )
      assert.lengthOf(yield* writes, before)
      assert.deepEqual(outcomes(yield* only(network("10.7.0.0/16", "block", "alone"), "net", "block")), [
        "net replace",
        "notes update",
        "block delete",
      ])
      assert.deepEqual(changesOf(yield* agent.plan(network("10.7.0.0/16", "block", "alone"))), ["alone delete"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("deletes what is gone from the document only where its label is chosen", () =>
    Effect.gen(function* () {
      const { agent, forma, labels, only, refused } = yield* makeLimited
      const all: Resources = { a: tagged("a", "x"), b: tagged("b", "x"), c: tagged("c", "x") }
      yield* agent.apply(forma(all))
      const kept = forma(without(all, "b", "c"))
      assert.deepEqual(outcomes(yield* only(kept, "a", "c")), ["a noop", "c delete"])
      assert.deepEqual(yield* labels, ["a", "b"])
      assert.strictEqual(
        yield* refused(kept, "a", "bb"),
        "OnlyRefused: Nothing was done, because the document shop has no resource bb; did you mean b?",
      )
      assert.deepEqual(outcomes(yield* only(kept)), [], "nothing is chosen")
      const destroyed = yield* Effect.flip(agent.destroy("shop", { only: ["a"] }))
      assert.include(destroyed.message, "a destroy deletes all resources of shop")
      assert.deepEqual(yield* labels, ["a", "b"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("renames as a whole or not at all, and asks for the present label", () =>
    Effect.gen(function* () {
      const { agent, forma, only, refused, writes } = yield* makeLimited
      yield* agent.apply(forma({ a: tagged("a", "x"), b: tagged("b", "x"), c: tagged("c", "x") }))
      const before = (yield* writes).length
      const swapped = forma({ b: tagged("a", "x"), a: tagged("b", "x"), d: tagged("c", "x") })
      const result = yield* only(swapped, "a")
      assert.deepEqual(
        result.resources.map(({ label, movedFrom }) => `${label} from ${movedFrom}`),
        ["b from a", "a from b"],
      )
      assert.deepEqual<unknown>(result.only?.added, [{ label: "b", by: "a", reason: "renamed" }])
      assert.lengthOf(yield* writes, before)
      assert.include(yield* refused(swapped, "c"), "the resource that was c is d in the document now; choose d")
      const left = yield* agent.plan(swapped)
      assert.deepEqual(
        left.resources.map(({ label, movedFrom }) => `${label} ${movedFrom}`),
        ["b undefined", "a undefined", "d c"],
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect(
    "renames what turns out to be the thing of a label that is gone, and takes nothing from one that stays",
    () =>
      Effect.gen(function* () {
        const { apply, changes, context, owners } = yield* makeAgent
        const only = (items: Parameters<typeof document>[1], ...labels: ReadonlyArray<string>) =>
          Effect.gen(function* () {
            const agent = yield* Agent
            return outcomes(yield* agent.apply(yield* document("shop", items), { only: labels }))
          }).pipe(Effect.provideContext(context))
        yield* apply("shop", { old: ["Blind", "x"], stays: ["Blind", "y"] })
        yield* changes
        assert.deepEqual(yield* only({ now: ["Blind", "x"], stays: ["Blind", "y"] }, "now"), ["now create"])
        assert.deepEqual(yield* owners, ["shop/now=x", "shop/stays=y"])
        assert.deepEqual(yield* changes, ["create x"])
        assert.deepEqual(yield* only({ now: ["Blind", "x"], stays: ["Blind", "z"], other: ["Blind", "y"] }, "other"), [
          "other create: OwnedElsewhere",
        ])
        assert.deepEqual(yield* owners, ["shop/now=x", "shop/stays=y"])
      }),
  )

  it.effect("takes the whole of a replacement that creates first", () =>
    Effect.gen(function* () {
      const { agent, forma, only, resources } = yield* makeLimited
      const network = (cidr: string): Forma => {
        const made = forma({
          net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }],
          notes: tagged("notes", { $ref: "net.VpcId" }),
          other: tagged("other", cidr),
        })
        return { ...made, resources: made.resources.map((one) => ({ ...one, replace: "createFirst" as const })) }
      }
      yield* agent.apply(network("10.0.0.0/16"))
      const result = yield* only(network("10.7.0.0/16"), "net")
      assert.deepEqual(outcomes(result), ["net create", "notes update", "net (replaced) delete"])
      assert.deepEqual<unknown>(result.only?.added, [
        { label: "notes", by: "net (replaced)", reason: "dependent" },
        { label: "net (replaced)", by: "net", reason: "replaced" },
      ])
      assert.lengthOf(yield* resources, 3)
      assert.deepEqual(changesOf(yield* agent.plan(network("10.7.0.0/16"))), ["other update"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is refused by a protection of what is chosen, and not by another one", () =>
    Effect.gen(function* () {
      const { agent, forma, only, refused } = yield* makeLimited
      const made = forma({ a: tagged("a", "x"), b: tagged("b", "x") })
      yield* agent.apply({ ...made, resources: made.resources.map((one) => ({ ...one, protect: true })) })
      const gone = forma({ c: tagged("c", "x") })
      assert.deepEqual(outcomes(yield* only(gone, "c")), ["c create"])
      assert.include(yield* refused(gone, "a"), "ResourcesProtected: Nothing was done, because a (")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("keeps the outputs that refer to what was left out, and those that are gone from the document", () =>
    Effect.gen(function* () {
      const { agent, forma, only } = yield* makeLimited
      const outputs = { a: { $ref: "a.Arn" }, b: { $text: "${b.BucketName}!" }, word: "one" }
      yield* agent.apply(forma({ a: tagged("a", "x"), b: tagged("b", "x") }, { outputs: { ...outputs, gone: "g" } }))
      const before = (yield* agent.outputs()).outputs ?? {}
      const next = forma({ a: tagged("a2", "x"), b: tagged("b2", "x") }, { outputs: { ...outputs, word: "two" } })
      const result = yield* only(next, "a")
      assert.deepEqual(outcomes(result), ["a replace"])
      assert.strictEqual(
        result.note,
        "an output of shop refers to resources that were left out, and stays as it was: b",
      )
      assert.deepEqual<unknown>((yield* agent.outputs()).outputs, {
        ...before,
        "shop.a": { value: "arn:aws:s3:::bucket-a2" },
        "shop.word": { value: "two" },
      })
      assert.deepEqual<unknown>(before["shop.b"], { value: "bucket-b!" })
    }).pipe(Effect.provide(layerAgent())),
  )
})

/** The same, with the database in reach. */
const layerWithSql = Agent.layer.pipe(
  Layer.provideMerge(Store.layerMemory),
  Layer.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
)

describe("a limited apply that was cut off", () => {
  it.effect("resumes what it had begun, and nothing else", () =>
    Effect.gen(function* () {
      const { agent, forma, labels, resources, target } = yield* makeLimited
      const config = target({ faults: [silentAfter("net")] })
      const wanted = forma(shop, {}, config)
      yield* cutOffUnanswered(wanted, resources, 2, { only: ["block", "alone"] })
      const resumed = yield* resume
      assert.deepEqual(outcomes(resumed), ["net create", "block create", "alone noop"])
      assert.deepEqual(yield* labels, ["alone", "block", "net"])
      assert.deepEqual((yield* resume).resources, [])
      assert.lengthOf(changesOf(yield* agent.plan(wanted)), 7)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("resumes what a replacement had forced, also after the replacement is done", () =>
    Effect.gen(function* () {
      const { agent, forma, resources, target } = yield* makeLimited
      const network = (cidr: string, config?: Properties) =>
        forma(
          {
            net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }],
            block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
            other: tagged("other", cidr),
          },
          {},
          config,
        )
      yield* agent.apply(network("10.0.0.0/16"))
      const config = target({ faults: [{ ...silentAfter("block"), when: "before" }] })
      const apply = agent.apply(network("10.7.0.0/16", config), { only: ["net"], whenInterrupted: "leave" })
      const isReplaced = Effect.map(resources, (made) =>
        made.some(({ properties }) => properties["CidrBlock"] === "10.7.0.0/16"),
      )
      yield* Effect.raceFirst(
        apply,
        Effect.andThen(Effect.yieldNow, isReplaced).pipe(Effect.repeat({ until: (done) => done }), Effect.asVoid),
      )
      const resumed = yield* resume
      assert.sameMembers([...outcomes(resumed)], ["net noop", "block create"])
      assert.deepEqual(changesOf(yield* agent.plan(network("10.7.0.0/16"))), ["other update"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("leaves the open operations of others, which a resume finishes after it", () =>
    Effect.gen(function* () {
      const { agent, forma, labels, resources, target, writes } = yield* makeLimited
      const config = target({ faults: [silentAfter("net")] })
      const wanted = forma({ ...without(shop, "web", "tail"), extra: tagged("extra", "x") }, {}, config)
      yield* cutOffUnanswered(wanted, resources, 1, { only: ["net"] })
      const before = (yield* writes).length
      const limited = yield* withPassingTime(agent.apply(wanted, { only: ["extra"] }))
      assert.deepEqual(outcomes(limited), ["extra create"])
      assert.strictEqual(
        limited.note,
        "operations of shop on net, left open by an earlier command, can be resumed".replace(
          "operations",
          "an operation",
        ),
      )
      assert.deepEqual((yield* writes).slice(before), ["create S3::Bucket"])
      assert.deepEqual(yield* labels, ["extra"])
      assert.deepEqual(outcomes(yield* resume), ["net create"])
      assert.deepEqual(yield* labels, ["extra", "net"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is as whole as the journal says: a command of before has no limit", () =>
    Effect.gen(function* () {
      const { forma, resources, target } = yield* makeLimited
      const sql = yield* SqlClient.SqlClient
      const wanted = forma({ a: tagged("a", "x"), b: tagged("b", "x") }, {}, target({ faults: [silentAfter("a")] }))
      yield* cutOffUnanswered(wanted, resources, 1, { only: ["a"] })
      const rows = yield* sql`SELECT only_labels FROM commands`
      assert.deepEqual(rows, [{ only_labels: '["a"]' }])
      yield* sql`UPDATE commands SET only_labels = NULL, checksum = NULL`
      assert.deepEqual(outcomes(yield* resume), ["a create", "b create"])
    }).pipe(Effect.provide(layerWithSql)),
  )
})
