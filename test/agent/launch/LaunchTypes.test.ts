import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { makeLaunchTypes } from "../../../src/agent/launch/LaunchTypes.ts"
import type { TypeDescription } from "../../../src/protocol/Description.ts"
import { Cookie, Namespace, NodeName, ResourceType } from "../../../src/protocol/Identity.ts"
import { Naming } from "../../../src/protocol/Naming.ts"
import type { PropertyTraits, TypeCapabilities } from "../../../src/protocol/Resource.ts"

const one = ResourceType.make("Suite::Of::One")
const two = ResourceType.make("Suite::Of::Two")
const whole = ResourceType.make("Suite::Of::Whole")
const named = (type: ResourceType): TypeCapabilities => ({
  type,
  idempotency: "name",
  listable: false,
  recoverable: false,
  properties: {},
  targetIdentity: [],
  targetSecrets: [],
})
const noTraits: PropertyTraits = {
  required: true,
  createOnly: false,
  writeOnly: false,
  opaque: false,
  output: false,
  unordered: false,
}
const identity = {
  protocol: 1,
  name: "suite",
  namespace: Namespace.make("Suite"),
  version: "1.0.0",
  node: NodeName.make("suite-plugin@localhost"),
  cookie: Cookie.make("cookie"),
  pid: 1,
}
const schemaOf = (type: string) => ({ title: type })

/** The types of a plugin that has left out the schemas of two of its three types, with what it was asked. */
const make = (answer = (types: ReadonlyArray<ResourceType>) => types) => {
  const asked: Array<ReadonlyArray<ResourceType>> = []
  const types = makeLaunchTypes(
    {
      ...identity,
      types: [named(one), named(two), { ...named(whole), schema: { title: "of the handshake" } }],
      features: ["describe"],
    },
    (wanted) => {
      asked.push(wanted)
      return Effect.succeed(answer(wanted).map((type): TypeDescription => ({ type, schema: schemaOf(type) })))
    },
  )
  return { asked, types }
}

describe("the types of a launch", () => {
  it.effect("have the schemas that are wanted, each of which is asked for once and with the others", () =>
    Effect.gen(function* () {
      const { asked, types } = make()
      assert.deepEqual(
        [...(yield* types([])).values()].map(({ schema }) => schema?.["title"]),
        [undefined, undefined, "of the handshake"],
      )
      assert.deepEqual(asked, [])
      assert.deepEqual(
        (yield* types([two, whole, two, ResourceType.make("Else::Of::Type")])).get(two)?.schema,
        schemaOf(two),
      )
      assert.deepEqual(asked, [[two]])
      const all = yield* types("all")
      assert.deepEqual([all.get(one)?.schema, all.get(two)?.schema], [schemaOf(one), schemaOf(two)])
      assert.deepEqual(asked, [[two], [one]])
      assert.strictEqual((yield* types("all")).get(two), all.get(two))
      assert.lengthOf(asked, 2)
    }),
  )

  it.effect(
    "are both asked for where there is none yet, and an answer without one of them is a failure that names it",
    () =>
      Effect.gen(function* () {
        const { asked, types } = make(([first]) => (first === undefined ? [] : [first]))
        const error = yield* Effect.flip(types("all"))
        assert.strictEqual(error._tag, "UndescribedTypes")
        assert.include(
          error.message,
          "The plugin suite did not describe its types: its answer to Describe leaves out Suite::Of::Two",
        )
        assert.deepEqual(asked, [[one, two]])
      }),
  )

  it.effect("have no rule for a name that is no name, and say so once", () => {
    const logged: Array<unknown> = []
    const logger = Logger.make(({ message }) => logged.push(message))
    const naming = Naming.make({ property: "Name", letters: "lower", separator: "-", maxLength: 63 })
    const of = (type: string, traits: Partial<PropertyTraits>): TypeCapabilities => ({
      ...named(ResourceType.make(`Suite::Of::${type}`)),
      schema: {},
      naming,
      properties: { Name: { ...noTraits, ...traits } },
    })
    const types = makeLaunchTypes(
      {
        ...identity,
        features: ["naming"],
        types: [
          of("Fit", { createOnly: true }),
          of("Changeable", {}),
          of("Secret", { createOnly: true, opaque: true }),
          of("Output", { createOnly: true, output: true }),
          { ...of("Missing", {}), properties: {} },
        ],
      },
      () => Effect.succeed([]),
    )
    return Effect.gen(function* () {
      yield* types("all")
      const known = [...(yield* types("all")).values()]
      assert.deepEqual(
        known.flatMap((type) => (type.naming === undefined ? [] : [type.type])),
        ["Suite::Of::Fit"],
      )
      assert.lengthOf(known, 5)
      assert.deepEqual(logged.flat(), [
        "The plugin suite has rules for names that cannot be made, so they must be given: Suite::Of::Changeable Name, Suite::Of::Secret Name, Suite::Of::Output Name, Suite::Of::Missing Name. A made name cannot be changed after create, is no secret and is not set by the provider.",
      ])
    }).pipe(Effect.provide(Logger.layer([logger])))
  })
})
