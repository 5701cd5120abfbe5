import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerFake, operationsOf, serviceError } from "./FakeClients.ts"

const { create, status } = operationsOf("AWS::EC2::VPC")

/** A VPC that becomes visible only some calls after it was created, as in EC2. */
const lateVpc = (looks: number, name = "InvalidVpcID.NotFound") => {
  let seen = 0
  const created: Array<unknown> = []
  const attribute = { EnableDnsSupport: { Value: true }, EnableDnsHostnames: { Value: true } }
  const ec2 = {
    createVpc: (input: unknown) => {
      created.push(input)
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
  return { created, layer: layerFake({ ec2 }) }
}

describe("a VPC that becomes visible late", () => {
  // What remains to be configured is first described after that.
  it.effect.each([
    { settings: {}, looks: 2 },
    { settings: { EnableDnsHostnames: true }, looks: 1 },
  ])("is polled by its native id, and is not created twice: $settings", ({ looks, settings }) => {
    const { created, layer } = lateVpc(looks)
    return Effect.gen(function* () {
      const begun = yield* create({ CidrBlock: "10.0.0.0/16", ...settings })
      if (begun._tag !== "InProgress") throw new TypeError("Expected a create in progress")
      assert.strictEqual(begun.nativeId, NativeId.make("vpc-1"))
      assert.strictEqual((yield* Effect.flip(status(begun.requestId))).code, "NotFound")
      const ready = yield* status(begun.requestId)
      assert.deepInclude(ready, { _tag: "Succeeded", nativeId: NativeId.make("vpc-1") })
      assert.lengthOf(created, 1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("and may not be described is reported with the failure", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(create({ CidrBlock: "10.0.0.0/16" }))
      assert.deepInclude(refused, { code: "AccessDenied", nativeId: NativeId.make("vpc-1") })
    }).pipe(Effect.provide(lateVpc(2, "UnauthorizedOperation").layer)),
  )

  it.effect("and cannot be configured is reported with the failure", () => {
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
    }).pipe(Effect.provide(layerFake({ ec2 })))
  })
})
