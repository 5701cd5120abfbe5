/** A forma that is built in code, without a document: the agent checks it as it checks one that was read. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { Agent } from "../../src/agent/Agent.ts"
import { Forma } from "../../src/agent/forma/Forma.ts"
import { Namespace, type ResourceType } from "../../src/protocol/Identity.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { makeFakeCloud } from "../plugins/fake-aws/FakeCloud.ts"
import { formaOf, layerAgent, type Resources } from "./shop.ts"

const bucket = (name: string, value?: Properties[string]): readonly [string, Properties] => [
  "FakeAWS::S3::Bucket",
  { BucketName: name, ...(value === undefined ? {} : { Tags: [{ Key: "of", Value: value }] }) },
]

const two: Resources = { one: bucket("one-bucket"), two: bucket("two-bucket") }

const refersTo = (label: string) => ({ $ref: `${label}.Arn` })

const formaWith = (config: Properties, resources: Resources, change: (forma: Forma) => object = (forma) => forma) =>
  // What a program without types can pass.
  change(formaOf("shop", config, resources)) as Forma

/** Of each mistake: a forma that has it, and its issues as `path: message`. */
const mistakes: ReadonlyArray<readonly [string, (config: Properties) => Forma, ReadonlyArray<string>]> = [
  [
    "a label that is used twice",
    (config) =>
      formaWith(config, two, (forma) => ({
        ...forma,
        resources: forma.resources.map((one) => ({ ...one, label: "one" })),
      })),
    ["resources.1.label: the label one is already used by resources[0]; give one of them another label"],
  ],
  [
    "a resource that refers to itself",
    (config) => formaWith(config, { one: bucket("one-bucket", refersTo("one")) }),
    ["resources.0: one refers to itself; take that out, or name another resource"],
  ],
  [
    "two resources that refer to each other",
    (config) =>
      formaWith(config, {
        one: bucket("one-bucket", refersTo("two")),
        two: bucket("two-bucket", refersTo("one")),
      }),
    [
      "resources.0: these resources refer to each other in a circle: one, two; take one of these out, so that one resource can be the first",
    ],
  ],
  [
    "three resources that refer to each other in a circle",
    (config) =>
      formaWith(config, {
        one: bucket("one-bucket", refersTo("two")),
        two: bucket("two-bucket", refersTo("three")),
        three: bucket("three-bucket", refersTo("one")),
      }),
    [
      "resources.0: these resources refer to each other in a circle: one, two, three; take one of these out, so that one resource can be the first",
    ],
  ],
  [
    "a reference to a label that no resource has",
    (config) => formaWith(config, { one: bucket("one-bucket", refersTo("nobody")) }),
    [
      "resources.0.properties.Tags.0.Value: there is no resource with the label nobody to refer to; the labels are: one",
    ],
  ],
  [
    "a target that it does not have",
    (config) =>
      formaWith(config, two, (forma) => ({
        ...forma,
        resources: forma.resources.map((one) => ({ ...one, target: "elsewhere" })),
      })),
    [
      "resources.0.target: there is no target elsewhere; the targets are: cloud",
      "resources.1.target: there is no target elsewhere; the targets are: cloud",
    ],
  ],
  [
    "a target of another namespace than its resource",
    (config) =>
      formaWith(config, { one: bucket("one-bucket") }, (forma) => ({
        ...forma,
        targets: { cloud: { namespace: Namespace.make("AWS"), config } },
      })),
    [
      "resources.0.target: the target cloud belongs to the namespace AWS, but the type FakeAWS::S3::Bucket does not; name a target of its namespace",
    ],
  ],
  [
    "a label that is not one",
    (config) => formaWith(config, { "one.bucket": bucket("one-bucket") }),
    [
      "resources.0.label: Expected a name of letters, digits, dashes and underscores that does not begin with a digit, such as web-1",
    ],
  ],
  [
    "a type that is not one",
    (config) =>
      formaWith(config, { one: bucket("one-bucket") }, (forma) => ({
        ...forma,
        resources: forma.resources.map((one) => ({ ...one, type: "Bucket" as ResourceType })),
      })),
    ["resources.0.type: Expected a resource type such as AWS::S3::Bucket"],
  ],
  [
    "a field that resources do not have",
    (config) =>
      formaWith(config, { one: bucket("one-bucket") }, (forma) => ({
        ...forma,
        resources: forma.resources.map((one) => ({ ...one, propertis: {} })),
      })),
    ["resources.0.propertis: there is no such field; did you mean properties?"],
  ],
  [
    "a field that is undefined",
    (config) =>
      formaWith(config, { one: bucket("one-bucket") }, (forma) => ({
        ...forma,
        resources: forma.resources.map((one) => ({ ...one, protect: undefined as unknown as boolean })),
      })),
    ["resources.0.protect: Expected boolean; this is undefined, so write true or false, without quotes"],
  ],
  [
    "no name",
    (config) => formaWith(config, two, ({ resources, targets }) => ({ resources, targets })),
    ["name: is missing; write it here: name: ..."],
  ],
  [
    "a name that is not one",
    (config) => formaWith(config, two, (forma) => ({ ...forma, name: " shop" })),
    [
      "name: Expected a name that can be printed in a line, but it begins or ends with a space; a name has 1 to 200 characters that can be seen, and no space around it",
    ],
  ],
]

describe("a forma that is built in code with", () => {
  it.effect.each(mistakes)("%s is refused, and nothing is done", ([, makeForma, issues]) =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const cloud = yield* makeFakeCloud
      const forma = makeForma(cloud.target())
      const refusals = yield* Effect.all([
        Effect.flip(Forma.make(forma)),
        Effect.flip(agent.plan(forma)),
        Effect.flip(agent.apply(forma)),
      ])
      for (const refusal of refusals) {
        assert.strictEqual(refusal._tag, "FormaInvalid")
        assert.deepEqual(refusal.message.split("\n"), issues)
      }
      assert.isFalse(existsSync(cloud.file), "the cloud was opened")
      assert.deepEqual((yield* agent.inventory).resources, [])
    }).pipe(Effect.provide(layerAgent())),
  )
})
