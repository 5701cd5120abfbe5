/** Types whose reads share calls of their service. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { layerFake, operationsOf, serviceError } from "./FakeClients.ts"

const sideBySide = { concurrency: "unbounded" } as const

describe("subnets", () => {
  const { read } = operationsOf("AWS::EC2::Subnet")

  it.effect("are read by a filter, page by page, in which an id has no wildcards", () => {
    const asked: Array<unknown> = []
    const ec2 = {
      describeSubnets: (input: { readonly SubnetIds?: unknown; readonly NextToken?: string }) => {
        asked.push(input)
        if (input.SubnetIds !== undefined) throw serviceError("InvalidSubnetID.NotFound")
        return input.NextToken === undefined
          ? { Subnets: [{ SubnetId: "subnet-1" }], NextToken: "more" }
          : { Subnets: [{ SubnetId: "subnet-2" }] }
      },
    }
    return Effect.gen(function* () {
      const found = yield* Effect.forEach(
        ["subnet-1", "subnet-2", String.raw`sub*net?\ `],
        (id) => Effect.result(read(id)),
        sideBySide,
      )
      assert.deepStrictEqual(
        found.map((one) => (Result.isFailure(one) ? one.failure.code : one.success["SubnetId"])),
        ["subnet-1", "subnet-2", "NotFound"],
      )
      const Filters = [{ Name: "subnet-id", Values: ["subnet-1", "subnet-2", String.raw`sub\*net\?\\ `] }]
      assert.deepStrictEqual(asked, [
        { Filters, NextToken: undefined },
        { Filters, NextToken: "more" },
      ])
      // Alone, it is asked for by its id.
      assert.strictEqual((yield* Effect.flip(read("subnet-3"))).code, "NotFound")
      assert.deepStrictEqual(asked[2], { SubnetIds: ["subnet-3"] })
    }).pipe(Effect.provide(layerFake({ ec2 })))
  })
})

describe("parameters", () => {
  const { read } = operationsOf("AWS::SSM::Parameter")
  const describeParameters = ({ ParameterFilters: [filter] }: { ParameterFilters: [{ Values: Array<string> }] }) => ({
    Parameters: filter.Values.map((Name) => ({ Name, Type: "String" })),
  })
  const names = ["/a", "/b", "/c"]

  it.effect("whose values may only be read one by one are, and those that may not be read are left out", () => {
    const single: Array<string> = []
    const ssm = {
      describeParameters,
      listTagsForResource: () => ({ TagList: [] }),
      getParameters: () => {
        throw serviceError("AccessDeniedException")
      },
      getParameter: ({ Name }: { Name: string }) => {
        single.push(Name)
        if (Name === "/b") throw serviceError("AccessDeniedException")
        return { Parameter: { Name, Value: `value of ${Name}` } }
      },
    }
    return Effect.gen(function* () {
      const found = yield* Effect.forEach(names, read, sideBySide)
      assert.deepStrictEqual(
        found.map((one) => one["Value"]),
        ["value of /a", undefined, "value of /c"],
      )
      assert.deepStrictEqual(single, names)
    }).pipe(Effect.provide(layerFake({ ssm })))
  })

  it.effect("and their values are one call each", () => {
    const asked: Array<unknown> = []
    const ssm = {
      describeParameters: (input: Parameters<typeof describeParameters>[0]) => {
        asked.push(input.ParameterFilters[0].Values)
        return describeParameters(input)
      },
      listTagsForResource: () => ({ TagList: [] }),
      getParameters: ({ Names }: { Names: Array<string> }) => {
        asked.push(Names)
        return { Parameters: Names.map((Name) => ({ Name, Value: `value of ${Name}` })) }
      },
    }
    return Effect.gen(function* () {
      const found = yield* Effect.forEach(names, read, sideBySide)
      assert.deepStrictEqual(
        found.map((one) => one["Value"]),
        names.map((name) => `value of ${name}`),
      )
      assert.deepStrictEqual(asked, [names, names])
    }).pipe(Effect.provide(layerFake({ ssm })))
  })
})
