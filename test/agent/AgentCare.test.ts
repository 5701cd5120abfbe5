import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { FormaResource } from "../../src/agent/forma/FormaDocument.ts"
import { Agent } from "../../src/agent/Agent.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { doesSomething } from "../../src/agent/commands/doesSomething.ts"
import { formatResult } from "../../src/cli/formatResult.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"
import { changesOf, formaOf, layerAgent, makeShop, nativeIdOf, outcomes, type Resources } from "./shop.ts"

type Care = Pick<FormaResource, "protect" | "onRemove" | "ignore">

const makeCareful = Effect.gen(function* () {
  const agent = yield* Agent
  const shop = yield* makeShop
  const formaWith = (properties: object, care: Care, config = shop.target()) => {
    const forma = formaOf("shop", config, {
      net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16", ...properties }],
    })
    return { ...forma, resources: forma.resources.map((one) => ({ ...one, ...care })) }
  }
  return {
    ...shop,
    plan: (properties: object, care: Care = {}) => agent.plan(formaWith(properties, care)),
    apply: (properties: object, care: Care = {}) => agent.apply(formaWith(properties, care)),
    applyTo: (config: Properties, properties: object, care: Care) => agent.apply(formaWith(properties, care, config)),
    applyAsked: (properties: object, care: Care, answer: boolean) =>
      agent.apply(formaWith(properties, care), { confirm: () => Effect.succeed(answer) }),
    applyNothing: shop.apply({}),
    destroy: agent.destroy({ name: "shop" }),
  }
})

const moved = { CidrBlock: "10.7.0.0/16" }

describe("what is protected", () => {
  it.effect("is neither replaced nor deleted, whatever the document says by then", () =>
    Effect.gen(function* () {
      const { apply, applyNothing, destroy, plan, writes } = yield* makeCareful
      const nativeId = nativeIdOf(yield* apply({}, { protect: true }), "net")
      const refused = {
        "a replace": apply(moved, { protect: true }),
        "the plan of a replace": plan(moved, { protect: true }),
        "a replace in a document that has lost the line": apply(moved),
        "a document without the resource": applyNothing,
        "a destroy": destroy,
      }
      for (const [what, command] of Object.entries(refused)) {
        const error = yield* Effect.flip(command)
        assert.strictEqual(error._tag, "ResourcesProtected", what)
        assert.include(error.message, `net (FakeAWS::EC2::VPC ${nativeId}) would be`, what)
      }
      assert.deepEqual(yield* writes, ["create EC2::VPC"])
      assert.deepEqual(changesOf(yield* apply({}, { protect: true })), [], "and nothing is left behind by them")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is free again after an apply without the protection", () =>
    Effect.gen(function* () {
      const { apply, applyNothing, destroy } = yield* makeCareful
      yield* apply({}, { protect: true })
      assert.deepEqual(changesOf(yield* apply({}, { protect: false })), [])
      assert.deepEqual(changesOf(yield* apply(moved)), ["net replace"])
      yield* apply(moved, { protect: true })
      yield* apply({ ...moved, Tags: [{ Key: "a", Value: "b" }] })
      assert.deepEqual(outcomes(yield* applyNothing), ["net delete"])
      assert.deepEqual(outcomes(yield* destroy), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is told and asked for where its care changes, and lifted only after a yes", () =>
    Effect.gen(function* () {
      const { apply, applyAsked, plan } = yield* makeCareful
      const careOf = ({ resources }: CommandResult) => resources.map(({ changedCare }) => changedCare)
      const mayDo = ({ resources }: CommandResult) => resources.some(doesSomething)
      yield* apply({}, { protect: true })
      const lifted = yield* plan({})
      assert.deepEqual([careOf(lifted), mayDo(lifted)], [[{ protect: false }], true])
      const text = linesToWrite(formatResult(lifted, ["shop"]), false).join("\n")
      assert.include(text, "it is no longer protected")
      assert.include(text, "1 to record")
      assert.strictEqual((yield* Effect.flip(applyAsked({}, {}, false)))._tag, "NotConfirmed")
      assert.strictEqual((yield* Effect.flip(plan(moved)))._tag, "ResourcesProtected")
      assert.deepEqual(careOf(yield* plan({}, { protect: true })), [undefined])
      assert.deepEqual(careOf(yield* applyAsked({}, { onRemove: "retain" }, true)), [{ protect: false, retain: true }])
      const same = yield* plan({}, { onRemove: "retain" })
      assert.deepEqual([careOf(same), mayDo(same)], [[undefined], false])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("may be protected by the document that would replace it", () =>
    Effect.gen(function* () {
      const { apply } = yield* makeCareful
      yield* apply({})
      const error = yield* Effect.flip(apply(moved, { protect: true }))
      assert.strictEqual(error._tag, "ResourcesProtected")
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("what is retained", () => {
  it.effect("is left where it is, and forgotten, when the document no longer wants it or is destroyed", () =>
    Effect.gen(function* () {
      const { apply, applyNothing, destroy, inventory, resources, writes } = yield* makeCareful
      yield* apply({}, { onRemove: "retain" })
      assert.deepEqual(outcomes(yield* applyNothing), ["net forget"])
      assert.lengthOf((yield* inventory).resources, 0)
      assert.lengthOf(yield* resources, 1)
      yield* apply({}, { onRemove: "retain" })
      assert.deepEqual(outcomes(yield* destroy), ["net forget"])
      assert.lengthOf(yield* resources, 2)
      assert.deepEqual(yield* writes, ["create EC2::VPC", "create EC2::VPC"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is left by a replacement too, and deleted after an apply without the line", () =>
    Effect.gen(function* () {
      const { apply, applyNothing, inventory, resources } = yield* makeCareful
      const first = nativeIdOf(yield* apply({}, { onRemove: "retain" }), "net")
      const replaced = yield* apply(moved, { onRemove: "retain" })
      assert.deepEqual(outcomes(replaced), ["net create", "net (replaced) forget"])
      assert.deepEqual(
        (yield* resources).map(({ native_id }) => native_id).toSorted(),
        [first, nativeIdOf(replaced, "net")].toSorted(),
      )
      assert.lengthOf((yield* inventory).resources, 1)
      assert.deepEqual(changesOf(yield* apply({}, { onRemove: "delete" })), ["net replace"])
      assert.deepEqual(outcomes(yield* applyNothing), ["net delete"])
      assert.lengthOf(yield* resources, 1)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("the care of a document whose steps fail", () => {
  const refusing = [{ operation: "update", when: "before", action: "error", code: "AccessDenied", times: 9 }]
  it.effect("holds from then on", () =>
    Effect.gen(function* () {
      const { applyNothing, applyTo, resources, target } = yield* makeCareful
      yield* applyTo(target(), {}, {})
      const apply = (care: Care) => applyTo(target({ faults: refusing }), { EnableDnsSupport: false }, care)
      assert.deepEqual(outcomes(yield* apply({ protect: true })), ["net update: AccessDenied"])
      assert.strictEqual((yield* Effect.flip(applyNothing))._tag, "ResourcesProtected")
      assert.deepEqual(outcomes(yield* apply({ onRemove: "retain" })), ["net update: AccessDenied"])
      assert.deepEqual(outcomes(yield* applyNothing), ["net forget"])
      assert.lengthOf(yield* resources, 1)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("what is ignored", () => {
  const tags = (value: string) => ({ Tags: [{ Key: "by", Value: value }] })
  const outside = `UPDATE resources SET properties = json_set(properties, '$.Tags', json('[{"Key":"by","Value":"others"}]'))`
  const tagsIn = (properties: object | undefined) => JSON.stringify((properties as { readonly Tags?: unknown })?.Tags)

  it.effect("is sent with a create, and stays as others have made it", () =>
    Effect.gen(function* () {
      const { apply, elsewhere, resources } = yield* makeCareful
      const ignore = ["Tags"]
      yield* apply(tags("us"), { ignore })
      assert.include(tagsIn((yield* resources)[0]?.properties), "us")
      yield* elsewhere(outside)
      assert.deepEqual(changesOf(yield* apply(tags("us"), { ignore })), [])
      assert.deepEqual(changesOf(yield* apply(tags("us again"), { ignore })), [])
      assert.deepEqual(changesOf(yield* apply({}, { ignore })), [], "what is no longer stated is not taken away")
      assert.include(tagsIn((yield* resources)[0]?.properties), "others")
      assert.deepEqual(changesOf(yield* apply(tags("us"))), ["net update"], "until the line is gone")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is not changed by an update of something else, and does not force a replacement", () =>
    Effect.gen(function* () {
      const { apply, elsewhere, resources } = yield* makeCareful
      yield* apply(tags("us"), { ignore: ["Tags"] })
      yield* elsewhere(outside)
      const both = { ...tags("us"), EnableDnsSupport: false }
      assert.deepEqual(changesOf(yield* apply(both, { ignore: ["/Tags"] })), ["net update"])
      assert.include(tagsIn((yield* resources)[0]?.properties), "others")
      assert.deepEqual(changesOf(yield* apply({ EnableDnsSupport: true }, { ignore: ["Tags"] })), ["net update"])
      assert.include(tagsIn((yield* resources)[0]?.properties), "others", "also where the document says nothing")
      yield* apply(both, { ignore: ["Tags"] })
      assert.deepEqual(changesOf(yield* apply({ ...both, ...moved }, { ignore: ["CidrBlock", "Tags"] })), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is kept in an update of what never had it in the document", () =>
    Effect.gen(function* () {
      const { apply, elsewhere, resources } = yield* makeCareful
      yield* apply({}, { ignore: ["Tags"] })
      yield* elsewhere(outside)
      assert.deepEqual(changesOf(yield* apply({ EnableDnsSupport: false }, { ignore: ["Tags"] })), ["net update"])
      assert.include(tagsIn((yield* resources)[0]?.properties), "others")
      assert.include(JSON.stringify((yield* resources)[0]?.properties), '"EnableDnsSupport":false')
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("stays as others have changed it after the plan, in an update that needs a value of the same command", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { elsewhere, resources, target } = yield* makeShop
      const formaWith = (description: Properties[string], more: Resources) => {
        const forma = formaOf("shop", target(), {
          ...more,
          password: [
            "FakeAWS::SecretsManager::Secret",
            { Name: "p", SecretString: "x", Description: description ?? null, ...tags("us") },
          ],
        })
        return {
          ...forma,
          resources: forma.resources.map((one) => (one.label === "password" ? { ...one, ignore: ["Tags"] } : one)),
        }
      }
      yield* agent.apply(formaWith("first", {}))
      const changing = Effect.as(Effect.orDie(elsewhere(`${outside} WHERE type LIKE '%Secret'`)), true)
      const pictures = { pictures: ["FakeAWS::S3::Bucket", { BucketName: "pictures" }] } as const
      const updated = yield* agent.apply(formaWith({ $ref: "pictures.Arn" }, pictures), { confirm: () => changing })
      assert.deepEqual(outcomes(updated), ["pictures create", "password update"])
      const now = (yield* resources).find(({ type }) => type.endsWith("Secret"))?.properties
      assert.include(JSON.stringify(now), '"Description":"arn:aws:s3:::pictures"')
      assert.include(tagsIn(now), "others")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("stops an update that would set it back, where nobody can read it", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { target, writes } = yield* makeShop
      const formaWith = (more: Properties) => {
        const forma = formaOf("shop", target(), {
          password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: "hunter2", ...more }],
        })
        return { ...forma, resources: forma.resources.map((one) => ({ ...one, ignore: ["SecretString"] })) }
      }
      yield* agent.apply(formaWith({}))
      assert.deepEqual(changesOf(yield* agent.apply(formaWith({ SecretString: "hunter3" }))), [])
      const error = yield* Effect.flip(agent.apply(formaWith({ Description: "of the shop" })))
      assert.include(error.message, "resources.0.ignore: Description cannot be changed while SecretString is ignored")
      assert.deepEqual(yield* writes, ["create SecretsManager::Secret"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("cannot be an item of a list", () =>
    Effect.gen(function* () {
      const { apply } = yield* makeCareful
      for (const properties of [{}, tags("us")]) {
        const error = yield* Effect.flip(apply(properties, { ignore: ["/Tags/0"] }))
        assert.include(error.message, "resources.0.ignore.0: /Tags/0 is inside a list")
        assert.include(error.message, "ignore the whole of Tags")
      }
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("has to be something that the type has", () =>
    Effect.gen(function* () {
      const { apply } = yield* makeCareful
      const error = yield* Effect.flip(apply({}, { ignore: ["/Tag/0", "VpcId"] }))
      assert.include(error.message, "resources.0.ignore.0: FakeAWS::EC2::VPC has no property Tag that could be ignored")
      assert.include(error.message, "resources.0.ignore.1")
    }).pipe(Effect.provide(layerAgent())),
  )
})
