import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { plugin as aws } from "../../plugins/aws/src/plugin.ts"
import { plugin as azure } from "../../plugins/azure/src/plugin.ts"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { checkNaming } from "../../src/testing/conformance/checks/plugin/namingCheck.ts"
import type { TypeCapabilities } from "../../src/protocol/Resource.ts"

const typesOf = (types: ReadonlyMap<string, { readonly capabilities: TypeCapabilities }>) =>
  [...types.values()].map(({ capabilities }) => capabilities)
const all = [...typesOf(aws.types), ...typesOf(azure.types), ...typesOf(fakeAws.types)]

const check = (types: ReadonlyArray<TypeCapabilities>) => Effect.flip(checkNaming({ types } as never))

describe("the names of the types that come with formae", () => {
  it("can be left out wherever a type has a name", () => {
    const named = all
      .filter(({ naming }) => naming !== undefined)
      .map(({ naming, type }) => `${type} ${naming?.property}`)
    assert.deepEqual(
      all
        .filter(({ naming, properties, type }) => {
          const kind = type.split("::").at(-1)
          const names = [`${kind}Name`, "Name", "QueueName", "GroupName", "LogGroupName"]
          return naming === undefined && names.some((name) => properties[name]?.required === true)
        })
        .map(({ type }) => type),
      [],
    )
    assert.lengthOf(named, 19)
  })

  it.effect("are made by rules that their own schemas accept", () => checkNaming({ types: all } as never))

  it.effect("are refused by the check where a rule does not fit", () =>
    Effect.gen(function* () {
      const queue = all.find(({ type }) => type === "AWS::SQS::Queue")
      if (queue?.naming === undefined) return yield* Effect.die("there are no queues")
      const { endings: _, ...naming } = queue.naming
      const tooLong = yield* check([{ ...queue, naming: { ...naming, maxLength: 200 } }])
      assert.include(tooLong.seen, "AWS::SQS::Queue")
      const odd = yield* check([{ ...queue, naming: { ...naming, separator: "." } }])
      assert.include(odd.seen, "AWS::SQS::Queue")
      const other = yield* check([{ ...queue, naming: { ...naming, property: "Arn" } }])
      assert.include(other.seen, "Arn")
    }),
  )
})
