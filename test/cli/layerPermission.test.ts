import { assert, describe, it } from "@effect/vitest"
import * as PlatformError from "effect/PlatformError"
import { inWords } from "../../src/cli/layerPermission.ts"

const refused = (permission: string, resource?: string) =>
  Object.assign(new Error("Access to this API has been restricted"), {
    code: "ERR_ACCESS_DENIED",
    permission,
    ...(resource === undefined ? {} : { resource }),
  })
const failed = (cause: unknown) =>
  PlatformError.systemError({ _tag: "Unknown", module: "FileSystem", method: "open", cause })

describe("what Node refuses under --permission", () => {
  it.each([
    ["FileSystemWrite", "/tmp/state.db", "--allow-fs-write=/tmp/state.db"],
    ["FileSystemRead", "/tmp", "--allow-fs-read=/tmp"],
    ["ChildProcess", "", "--allow-child-process"],
    ["WorkerThreads", undefined, "--allow-worker"],
    ["Addon", undefined, "--allow-addons"],
    ["Inspector", undefined, "--allow-inspector"],
  ])("for want of %s on %s names %s", (permission, resource, named) => {
    assert.strictEqual(
      inWords(failed(refused(permission, resource))).reason.description,
      `Node was started with --permission and does not allow this. Start it with ${named} too`,
    )
  })

  it("is told apart where only the text of Node is left", () => {
    const error = PlatformError.badArgument({
      module: "FileSystem",
      method: "makeDirectory",
      description: "Access to this API has been restricted. Use --allow-fs-write to manage permissions.",
    })
    assert.match(inWords(error).message, /Start it with --allow-fs-write too$/)
  })

  it("is all that is changed", () => {
    for (const cause of [undefined, new Error("ENOSPC: no space left on device"), "--allow-worker"]) {
      const error = failed(cause)
      assert.strictEqual(inWords(error), error)
    }
  })
})
