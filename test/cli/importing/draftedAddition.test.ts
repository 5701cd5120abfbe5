import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Discovered, DraftedResource } from "../../../src/agent/index.ts"
import { additionOf } from "../../../src/cli/importing/draftedAddition.ts"
import { labelsFor } from "../../../src/cli/importing/labelsFor.ts"
import { replaceDocument } from "../../../src/cli/importing/replaceDocument.ts"
import { NativeId, ResourceType } from "../../../src/protocol/index.ts"

const type = ResourceType.make("AWS::S3::Bucket")

const found = (nativeId: string, name?: string) => {
  const one = { type, target: "cloud", place: "here", nativeId: NativeId.make(nativeId) }
  return Discovered.cases.Found.make(name === undefined ? one : { ...one, name })
}

describe("the labels of what was found", () => {
  it("are made from names or ids, can be labels, and are none that is taken", () => {
    const all = [
      found("1", "My net!"),
      found("2", "my-net"),
      found("arn:x:y/logs"),
      found("3", "ünï"),
      found("4", "42"),
      found("5", "!"),
      found("6", "My net!"),
    ]
    assert.deepEqual(
      labelsFor(all, ["my-net"]).map(({ label }) => label),
      ["My-net", "my-net-2", "logs", "u-ni", "bucket-42", "bucket", "My-net-2"],
    )
  })
})

describe("what an import writes", () => {
  it("has a secret parameter for each secret, and no value of it", () => {
    const draft = DraftedResource.make({
      label: "password",
      type,
      target: "cloud",
      nativeId: NativeId.make("x"),
      properties: { Name: "p" },
      secrets: ["SecretString"],
    })
    assert.deepEqual(additionOf([draft]), {
      resources: [
        {
          label: "password",
          type,
          target: "cloud",
          properties: { Name: "p", SecretString: { $param: "password-SecretString" } },
        },
      ],
      parameters: {
        "password-SecretString": { type: "string", secret: true, description: "SecretString of password" },
      },
    })
  })

  it.live("replaces the file with the rights that it had, and not one that somebody has changed", () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(join(tmpdir(), "formae-"))
      const file = join(folder, "shop.yaml")
      writeFileSync(file, "before")
      chmodSync(file, 0o640)
      yield* replaceDocument(file, "before", "after")
      assert.strictEqual(readFileSync(file, "utf8"), "after")
      assert.strictEqual(statSync(file).mode & 0o777, 0o640)
      const changed = yield* Effect.flip(replaceDocument(file, "before", "again"))
      assert.include(changed.message, "somebody has changed it meanwhile")
      assert.strictEqual(readFileSync(file, "utf8"), "after")
      assert.deepEqual(readdirSync(folder), ["shop.yaml"])
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
