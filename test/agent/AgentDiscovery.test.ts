import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Agent } from "../../src/agent/Agent.ts"
import type { Discovered } from "../../src/agent/commands/Discovered.ts"
import type { DiscoverOptions } from "../../src/agent/commands/Discovery.ts"
import { DiscoverySettings, type PluginDiscovery } from "../../src/agent/commands/DiscoverySettings.ts"
import { matchesQuery, nameIn } from "../../src/agent/commands/discoveryQuery.ts"
import { Namespace, ResourceType } from "../../src/protocol/Identity.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property, ProviderError } from "../../src/plugin/index.ts"
import { layerTestStore } from "../../src/testing/TestStore.ts"

/** Three sheep in pages of two, wolves that nobody may list, and cows that cannot be listed. */
const makeHerd = () => {
  const asked: Array<string> = []
  const shared = {
    idempotency: "name",
    target: Schema.Struct({
      meadow: Property.identity(Schema.String),
      key: Schema.optionalKey(Property.opaque(Schema.String)),
    }),
    properties: Schema.Struct({ Name: Property.createOnly(Schema.String) }),
    create: ({ properties }: { readonly properties: { readonly Name: string } }) =>
      Effect.succeed(Answer.succeeded({ nativeId: properties.Name, properties })),
    read: ({ nativeId }: { readonly nativeId: string }) => Effect.succeed({ Name: nativeId }),
    delete: ({ nativeId }: { readonly nativeId: string }) => Effect.succeed(Answer.deleted(nativeId)),
  } as const
  const Sheep = defineResource({
    ...shared,
    type: "Herd::Of::Sheep",
    list: ({ pageToken, target }) =>
      Effect.sync(() => {
        asked.push(`${target.meadow} ${pageToken ?? "first"}`)
        if (target.meadow === "endless") return Answer.page({ nativeIds: [], nextPageToken: "again" })
        if (target.meadow === "wide") {
          const count = Number(pageToken ?? 0) + 1
          return Answer.page({ nativeIds: [`sheep-${count}`], nextPageToken: String(count) })
        }
        return pageToken === undefined
          ? Answer.page({ nativeIds: ["dolly", "molly"], nextPageToken: "second" })
          : Answer.page({ nativeIds: ["polly"] })
      }),
  })
  const Wolf = defineResource({
    ...shared,
    type: "Herd::Of::Wolf",
    list: ({ target }) => Effect.fail(ProviderError.of("AccessDenied", `no wolves for ${target.key ?? "nobody"}`)),
  })
  const Cow = defineResource({ ...shared, type: "Herd::Of::Cow" })
  const plugin = definePlugin({ name: "herd", namespace: "Herd", version: "1.0.0", types: [Sheep, Wolf, Cow] })
  return { asked, plugin: inProcess(plugin) }
}

const targetsOf = (...meadows: ReadonlyArray<string>) =>
  Object.fromEntries(
    meadows.map((meadow, index) => [
      `at${index}`,
      { namespace: Namespace.make("Herd"), config: { meadow, key: "canary-7a1c" } },
    ]),
  )

const withHerd = <A, E>(
  use: (herd: ReturnType<typeof makeHerd>) => Effect.Effect<A, E, Agent | SqlClient.SqlClient>,
) => {
  const herd = makeHerd()
  return use(herd).pipe(
    Effect.provide(
      Agent.layer.pipe(
        Layer.provide(PluginCoordinator.layerInProcess([herd.plugin])),
        Layer.provideMerge(layerTestStore),
      ),
    ),
  )
}

const lines = (found: Iterable<Discovered>) =>
  [...found].map((one) =>
    one._tag === "Found" ? `${one.target} ${one.nativeId}` : `${one.target} ${one.type}: ${one.error.code}`,
  )

describe("a discovery", () => {
  it.effect("goes on where one list fails, shows no secret of it, and lists each place once", () =>
    withHerd(({ asked }) =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const found = yield* Stream.runCollect(agent.discover({ targets: targetsOf("hill", "hill", "valley") }))
        assert.sameMembers(lines(found), [
          "at0 dolly",
          "at0 molly",
          "at0 polly",
          "at2 dolly",
          "at2 molly",
          "at2 polly",
          "at0 Herd::Of::Wolf: AccessDenied",
          "at2 Herd::Of::Wolf: AccessDenied",
        ])
        assert.notInclude(JSON.stringify(found), "canary-7a1c")
        assert.sameMembers(asked, ["hill first", "hill second", "valley first", "valley second"])
        const cows = yield* Stream.runCollect(agent.discover({ targets: targetsOf("hill"), types: ["Herd::Of::Cow"] }))
        assert.deepEqual(lines(cows), ["at0 Herd::Of::Cow: OperationNotSupported"])
        const types = ["Herd::Of::Shep"]
        const mistyped = yield* Stream.runCollect(agent.discover({ targets: targetsOf("hill"), types }))
        const nowhere = yield* Stream.runCollect(agent.discover({ targets: {}, types }))
        assert.deepEqual(
          [...mistyped, ...nowhere].map((one) => (one._tag === "Failed" ? [one.target, one.error.message] : one)),
          [
            ["at0", "its plugin knows no such type; did you mean Herd::Of::Sheep?"],
            ["", "there are no targets to look at"],
          ],
        )
      }),
    ),
  )

  it.effect("says which targets there are where one is named that is not there", () =>
    withHerd(() =>
      Effect.gen(function* () {
        const found = yield* Stream.runCollect(
          (yield* Agent).discover({ targets: targetsOf("north", "south"), at: ["at7"] }),
        )
        assert.deepEqual(
          found.map((one) => (one._tag === "Failed" ? [one.target, one.error.code, one.error.message] : one)),
          [["at7", "TargetUnknown", "there is no such target; there are: at0, at1"]],
        )
        const none = yield* Stream.runCollect((yield* Agent).discover({ at: ["at7"] }))
        assert.deepEqual(
          none.map((one) => (one._tag === "Failed" ? one.error.message : one)),
          ["there is no such target; there are none"],
        )
      }),
    ),
  )

  it.effect("asks for no more pages than are taken, but for a few, and ends a list that does not end", () =>
    withHerd(({ asked }) =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const types = ["Herd::Of::Sheep"]
        yield* Stream.runDrain(Stream.take(agent.discover({ targets: targetsOf("wide"), types }), 100))
        assert.isBelow(asked.splice(0).length, 150)
        const endless = yield* Stream.runCollect(agent.discover({ targets: targetsOf("endless"), types }))
        assert.deepEqual(lines(endless), ["at0 Herd::Of::Sheep: ProtocolError"])
        assert.lengthOf(asked, 2)
      }),
    ),
  )

  it.effect("leaves out what the inventory has, also under another target, and where its place is not known", () =>
    withHerd(() =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const sql = yield* SqlClient.SqlClient
        yield* agent.apply({
          name: "farm",
          targets: { home: { namespace: Namespace.make("Herd"), config: { meadow: "hill", key: "other" } } },
          resources: [
            { label: "own", type: ResourceType.make("Herd::Of::Sheep"), target: "home", properties: { Name: "dolly" } },
          ],
        })
        const discover = Effect.map(
          Stream.runCollect(agent.discover({ targets: targetsOf("hill", "valley"), types: ["Herd::Of::Sheep"] })),
          (found) => lines(found).filter((line) => line.endsWith("dolly")),
        )
        assert.deepEqual(yield* discover, ["at1 dolly"])
        assert.include(lines(yield* Stream.runCollect(agent.discover())), "home molly")
        const found = (forma: string, ...labels: ReadonlyArray<string>) =>
          Effect.map(
            Stream.runCollect(agent.discover({ targets: targetsOf("hill"), types: ["Herd"], into: { forma, labels } })),
            (all) => all.flatMap((one) => (one._tag === "Found" && one.nativeId === "dolly" ? [one.label] : [])),
          )
        assert.deepEqual(yield* found("farm"), ["own"], "the document of its owner does not have it yet")
        assert.deepEqual([yield* found("farm", "own"), yield* found("other")], [[], []])
        yield* sql`UPDATE resources SET place = NULL, checksum = NULL`
        assert.deepEqual(yield* discover, [], "it may be either")
      }),
    ),
  )
})

describe("what is set for the discoveries of a plugin", () => {
  it.effect("says which types, with which values, and what is left out; a command goes before it", () => {
    let set: PluginDiscovery | undefined = { types: ["Herd::Of::Sheep"] }
    const settings = Layer.succeed(
      DiscoverySettings,
      Effect.sync(() => (plugin: string) => (plugin === "herd" ? set : { types: ["Herd::Of::Nothing"] })),
    )
    const herd = makeHerd()
    const found = (options: DiscoverOptions = {}) =>
      Effect.flatMap(Agent, (agent) =>
        Effect.map(Stream.runCollect(agent.discover({ targets: targetsOf("hill"), ...options })), (all) =>
          lines(all).toSorted(),
        ),
      )
    return Effect.gen(function* () {
      assert.deepEqual(yield* found(), ["at0 dolly", "at0 molly", "at0 polly"])
      assert.deepEqual(yield* found({ types: ["Herd::Of::Wolf"] }), ["at0 Herd::Of::Wolf: AccessDenied"])
      set = { types: ["Herd::Of"], query: { Name: "*olly" }, filters: [{ Name: "p*" }, { Name: "q*", Of: "x" }] }
      assert.deepEqual(yield* found(), ["at0 Herd::Of::Wolf: AccessDenied", "at0 dolly", "at0 molly"])
      assert.deepEqual(yield* found({ types: ["Herd::Of::Sheep"], query: { Name: "d*" } }), ["at0 dolly"])
      set = { types: ["Herd::Of::Goat"] }
      assert.deepEqual(yield* found(), ["at0 Herd::Of::Goat: TypeUnknown"])
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(Layer.provide([PluginCoordinator.layerInProcess([herd.plugin]), layerTestStore, settings])),
      ),
    )
  })
})

describe("the query of a discovery", () => {
  it("finds tags in each form, properties, and any characters for a star", () => {
    const aws = { Tags: [{ Key: "team", Value: "web-front" }], Port: 80 }
    assert.isTrue(matchesQuery(aws, { team: "web-front" }))
    assert.isTrue(matchesQuery(aws, { team: "web*", Port: "80" }))
    assert.isTrue(matchesQuery(aws, { team: "*-*nt" }))
    assert.isFalse(matchesQuery(aws, { team: "web" }))
    assert.isFalse(matchesQuery(aws, { team: "web*", Port: "81" }))
    assert.isFalse(matchesQuery({ Name: "aba" }, { Name: "ab*ba" }), "no character counts twice")
    assert.isTrue(matchesQuery({ tags: { team: "x" } }, { team: "*" }))
    assert.isFalse(matchesQuery({}, { toString: "*" }))
    assert.isTrue(matchesQuery({ Name: "a".repeat(50_000) }, { Name: `${"*a".repeat(2_000)}*` }))
  })

  it("calls a resource by its tag, or by the property that is its name", () => {
    assert.strictEqual(nameIn({ Tags: [{ Key: "Name", Value: "net" }], Name: "x" }, "A::B::C"), "net")
    assert.strictEqual(nameIn({ BucketName: "pictures" }, "AWS::S3::Bucket"), "pictures")
    assert.isUndefined(nameIn({ Name: 3 }, "A::B::C"))
  })
})
