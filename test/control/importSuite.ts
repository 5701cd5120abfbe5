/** What an agent takes into a document, in one process and over its API. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../src/agent/apply/ChangeEvent.ts"
import type { DraftedResource } from "../../src/agent/commands/DraftedResource.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { NativeId, ResourceType } from "../../src/protocol/Identity.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { changesOf, formaOf, makeShop, outcomes, type Resources } from "../agent/shop.ts"
import { makeStrays } from "../agent/strays.ts"
import type { LayerOf } from "./agentSuite.ts"

const canary = "canary-90be"

const team = [{ Key: "team", Value: "web" }]

/** One of each type of FakeAWS. */
const garage: Resources = {
  net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.3.0.0/16", Tags: team }],
  block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.4.0.0/16" }],
  web: ["FakeAWS::EC2::Instance", { ImageId: "ami-1", InstanceType: "t3.micro", Tags: team }],
  pictures: ["FakeAWS::S3::Bucket", { BucketName: "pictures", VersioningConfiguration: { Status: "Enabled" } }],
  password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: canary }],
  old: ["FakeAWS::Legacy::Widget", { Model: { $ref: "web.InstanceId" }, Size: 1 }],
}

/** The forma of a document into which drafts were written, with a value for each secret. */
const withDrafts = (forma: Forma, drafts: ReadonlyArray<DraftedResource>): Forma => ({
  ...forma,
  resources: [
    ...forma.resources,
    ...drafts.map(({ label, properties, secrets, target, type }) => ({
      label,
      target,
      type,
      properties: {
        ...properties,
        ...Object.fromEntries(secrets.map((name): [string, Properties[string]] => [name, { $secret: canary }])),
      },
    })),
  ],
})

/** Runs the suite. */
export const importSuite = (name: string, layerOf: LayerOf) => {
  const cloud = () => layerOf([inProcess(fakeAws)])
  const setUp = Effect.gen(function* () {
    const shop = yield* makeShop
    const config = shop.target()
    const ids = yield* makeStrays(config, garage)
    const thingOf = (label: string, as = label) => ({
      label: as,
      type: ResourceType.make(garage[label]?.[0] ?? label),
      nativeId: NativeId.make(ids[label] ?? label),
      target: "cloud",
    })
    return { ...shop, ids, thingOf, forma: formaOf("shop", config, {}), before: yield* shop.writes }
  })

  describe(`an import by an agent ${name}`, () => {
    it.effect("takes each type into a document, which then has nothing to do, and creates nothing", () =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const { before, forma, ids, thingOf, writes } = yield* setUp
        const things = Object.keys(garage).map((label) => thingOf(label))
        const drafts = yield* agent.draftImport(forma, things)
        assert.notInclude(JSON.stringify(drafts), canary)
        const draft = (label: string) => drafts.find((one) => one.label === label)
        assert.deepEqual(draft("net")?.properties, { CidrBlock: "10.3.0.0/16", Tags: team })
        assert.deepEqual(draft("block")?.properties, { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.4.0.0/16" })
        assert.deepEqual(draft("old")?.properties["Model"], { $ref: "web.InstanceId" })
        assert.deepInclude(draft("password"), { properties: { Name: "password" }, secrets: ["SecretString"] })
        const written = withDrafts(forma, drafts)
        const told: Array<string> = []
        const observe = (event: ChangeEvent) =>
          Effect.sync(() => void told.push(event._tag === "Finished" ? event.result.label : event._tag))
        const imported = yield* agent.import(written, things, { observe })
        const labels = Object.keys(garage)
        assert.sameMembers(
          [...outcomes(imported)],
          labels.map((label) => `${label} adopt`),
        )
        assert.deepEqual(told, ["Began", ...labels])
        // Again there is nothing to take in, and nothing to say.
        yield* agent.import(written, things, { observe })
        assert.lengthOf(told, 1 + labels.length)
        const { commands } = yield* agent.commands()
        assert.deepEqual(
          commands.flatMap((one) => (one.forma === "shop" ? [`${one.command} ${one.status}`] : [])),
          ["import succeeded"],
        )
        assert.isNotNull(commands[0]?.askedBy)
        assert.deepEqual(changesOf(yield* agent.plan(written)), [])
        assert.deepEqual(yield* writes, before)
        const report = yield* agent.show({ label: "block", forma: "shop" })
        assert.deepInclude(report, { nativeId: NativeId.make(ids["block"] ?? ""), dependsOn: ["net"] })
        assert.deepEqual(
          report.history.map(({ command, kind, sent, status }) => [command, kind, sent, status]),
          [["import", "Import", 0, "Succeeded"]],
        )
        assert.notInclude(JSON.stringify([imported, yield* agent.show({ label: "password" })]), canary)
        assert.strictEqual((yield* agent.destroy("shop")).status, "succeeded")
      }).pipe(Effect.provide(cloud())),
    )

    it.effect("refuses what another label has, what does not exist, and what the document does not have", () =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const { apply, forma, thingOf } = yield* setUp
        yield* apply({ own: ["FakeAWS::S3::Bucket", { BucketName: "own" }] })
        const reasonOf = (things: Parameters<typeof agent.draftImport>[1]) =>
          Effect.map(Effect.flip(agent.draftImport(forma, things)), (error) =>
            error._tag === "ImportRefused" ? error.reason : error,
          )
        const bucket = { ...thingOf("pictures", "mine"), nativeId: NativeId.make("own") }
        assert.deepEqual(yield* reasonOf([bucket]), { _tag: "OwnedElsewhere", forma: "shop", label: "own" })
        assert.deepEqual(yield* reasonOf([{ ...bucket, nativeId: NativeId.make("none") }]), { _tag: "NotAtProvider" })
        assert.deepEqual(yield* reasonOf([thingOf("net"), thingOf("net", "other")]), { _tag: "NamedTwice" })
        assert.deepInclude(yield* reasonOf([{ ...thingOf("net"), target: "clod" }]), { _tag: "TargetUnknown" })
        assert.deepInclude(yield* reasonOf([thingOf("net", "a.b")]), { _tag: "LabelInvalid" })
        assert.deepInclude(yield* reasonOf([{ ...thingOf("net"), type: ResourceType.make("FakeAWS::EC2::Gateway") }]), {
          _tag: "TypeUnknown",
        })
        const refused = yield* Effect.flip(agent.import(forma, [thingOf("net")]))
        assert.deepEqual(refused._tag === "ImportRefused" && refused.reason, { _tag: "NotInDocument" })
      }).pipe(Effect.provide(cloud())),
    )

    it.effect("leaves everything where it is if the document never gets it, and is finished by the same import", () =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const { before, forma, thingOf, writes } = yield* setUp
        const things = [thingOf("pictures"), thingOf("password")]
        const written = withDrafts(forma, yield* agent.draftImport(forma, things))
        yield* agent.import(written, things, { isWritten: false })
        // The document was not written: an apply of it deletes nothing.
        assert.deepEqual(changesOf(yield* agent.apply(forma)), ["password forget", "pictures forget"])
        assert.deepEqual(yield* writes, before)

        yield* agent.import(written, things, { isWritten: false })
        assert.deepEqual(outcomes(yield* agent.import(written, things)), ["pictures noop", "password noop"])
        assert.deepEqual(outcomes(yield* agent.import(written, things)), ["pictures noop", "password noop"])
        assert.deepEqual((yield* agent.show({ label: "pictures" })).care, undefined)
        const planned = yield* agent.plan(written)
        assert.deepEqual(changesOf(planned), [])
        assert.isTrue(planned.resources.every(({ changedCare }) => changedCare === undefined))
        assert.deepEqual(yield* writes, before)
        assert.deepEqual(changesOf(yield* agent.apply(forma)), ["password delete", "pictures delete"])
      }).pipe(Effect.provide(cloud())),
    )
  })
}
