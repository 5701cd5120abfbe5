import { assert, describe, it } from "@effect/vitest"
import { readinessOf } from "../../../plugins/aws/src/types/LambdaFunction.ts"
import { changedSettings, fromConfiguration, toConfiguration } from "../../../plugins/aws/src/types/LambdaSettings.ts"

const desired = { Role: "arn:role", Runtime: "python3.13", Timeout: 30, Layers: ["arn:layer"] }
const present = fromConfiguration({
  Role: "arn:role",
  Runtime: "python3.13",
  Description: "",
  Timeout: 30,
  MemorySize: 512,
  KMSKeyArn: "arn:key",
  Layers: [{ Arn: "arn:layer", CodeSize: 3 }],
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: "" },
})

describe("the settings of a function", () => {
  it("leave out what is empty", () => {
    assert.deepStrictEqual(present, {
      Role: "arn:role",
      Runtime: "python3.13",
      Timeout: 30,
      MemorySize: 512,
      KmsKeyArn: "arn:key",
      Layers: ["arn:layer"],
    })
  })

  it("are not changed if they are as wanted", () => {
    assert.deepStrictEqual(changedSettings({ desired, patch: [] }, present), {})
  })

  it("are changed if another value is wanted, or reset if none is", () => {
    const patch = [
      ...["MemorySize", "KmsKeyArn", "Description"].map((name) => ({ op: "remove" as const, path: `/${name}` })),
      { op: "replace" as const, path: "/Timeout", value: 60 },
    ]
    const changed = changedSettings({ desired: { ...desired, Timeout: 60 }, patch }, present)
    assert.deepStrictEqual(toConfiguration(changed), { Timeout: 60, MemorySize: 128, KMSKeyArn: "" })
  })
})

describe("the readiness of a function", () => {
  it.for([
    [{ State: "Pending" }, "NotReady"],
    [{ State: "Active", LastUpdateStatus: "InProgress" }, "NotReady"],
    [{ State: "Active", LastUpdateStatus: "Successful" }, "Ready"],
    [{ State: "Inactive" }, "Ready"],
  ] as const)("%j is %s", ([configuration, readiness]) => {
    assert.strictEqual(readinessOf({ nativeId: "resize", configuration }), readiness)
  })

  it.for([
    { State: "Failed", StateReason: "no such subnet" },
    { State: "Active", LastUpdateStatus: "Failed", LastUpdateStatusReason: "no such subnet" },
  ] as const)("%j is a failure", (configuration) => {
    const error = readinessOf({ nativeId: "resize", configuration })
    assert.propertyVal(error, "_tag", "ProviderError")
    assert.include(String(error), "no such subnet")
  })
})
