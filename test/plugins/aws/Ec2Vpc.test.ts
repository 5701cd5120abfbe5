import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerPlayed, operationsOf, serviceError } from "./FakeClients.ts"

const { create, status } = operationsOf("AWS::EC2::VPC")

/** A network that can be seen some calls after it was made, as it is in EC2. */
const late = (looks: number, name = "InvalidVpcID.NotFound") => {
  let seen = 0
  const made: Array<unknown> = []
  const attribute = { EnableDnsSupport: { Value: true }, EnableDnsHostnames: { Value: true } }
  const ec2 = {
    createVpc: (input: unknown) => {
      made.push(input)
      return { Vpc: { VpcId: "vpc-1" } }
    },
    describeVpcs: ({ VpcIds }: { readonly VpcIds?: ReadonlyArray<string> }) => {
      if (VpcIds === undefined) return { Vpcs: [] }
      if (seen++ < looks) throw serviceError(name)
      return { Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16", State: "available" }] }
    },
    describeVpcAttribute: () => attribute,
    modifyVpcAttribute: () => ({}),
  }
  return { made, layer: layerPlayed({ ec2 }) }
}

describe("a network that comes into sight late", () => {
  it.effect.each([{}, { EnableDnsHostnames: true }])(
    "is waited for by its native id, and is not made twice: %j",
    (settings) => {
      const { layer, made } = late(2)
      return Effect.gen(function* () {
        const begun = yield* create({ CidrBlock: "10.0.0.0/16", ...settings })
        if (begun._tag !== "InProgress") throw new TypeError("it can not be seen yet")
        assert.strictEqual(begun.nativeId, NativeId.make("vpc-1"))
        assert.strictEqual((yield* Effect.flip(status(begun.requestId))).code, "NotFound")
        const ready = yield* status(begun.requestId)
        assert.deepInclude(ready, { _tag: "Succeeded", nativeId: NativeId.make("vpc-1") })
        assert.lengthOf(made, 1)
      }).pipe(Effect.provide(layer))
    },
  )

  it.effect("that may not be looked at is told of with the failure", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(create({ CidrBlock: "10.0.0.0/16" }))
      assert.deepInclude(refused, { code: "AccessDenied", nativeId: NativeId.make("vpc-1") })
    }).pipe(Effect.provide(late(2, "UnauthorizedOperation").layer)),
  )

  it.effect("that can not be set as wanted is told of with the failure", () => {
    const ec2 = {
      createVpc: () => ({ Vpc: { VpcId: "vpc-1" } }),
      describeVpcs: ({ VpcIds }: { readonly VpcIds?: ReadonlyArray<string> }) => ({
        Vpcs: VpcIds?.map((VpcId) => ({ VpcId })),
      }),
      describeVpcAttribute: () => ({}),
      modifyVpcAttribute: () => {
        throw serviceError("UnauthorizedOperation")
      },
    }
    return Effect.gen(function* () {
      const begun = yield* create({ CidrBlock: "10.0.0.0/16", EnableDnsHostnames: true })
      const refused = yield* Effect.flip(status(begun._tag === "InProgress" ? begun.requestId : "done"))
      assert.deepInclude(refused, { code: "AccessDenied", nativeId: NativeId.make("vpc-1") })
    }).pipe(Effect.provide(layerPlayed({ ec2 })))
  })
})
