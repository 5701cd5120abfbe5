import { assert, describe, it } from "@effect/vitest"
import { OnlyRefused, ResourcesProtected, StateTaken } from "../../src/agent/index.ts"
import { exitCodes } from "../../src/cli/CommandFailure.ts"
import { failureIn } from "../../src/cli/documentFailure.ts"
import { invalidFile } from "../../src/cli/InputFile.ts"

const codeOf = failureIn({ forma: { resources: [] }, refuse: ({ issues }) => invalidFile("FormaInvalid", "a")(issues) })

describe("how a command with a document ends", () => {
  it.each([
    [
      new OnlyRefused({ forma: "shop", reason: { _tag: "NoSuchLabel", label: "nett", known: ["net"] } }),
      exitCodes.badInput,
    ],
    [new ResourcesProtected({ resources: [] }), exitCodes.badInput],
    [new StateTaken({}), exitCodes.failed],
  ])("says whether its input was bad: %s", (error, exitCode) => {
    assert.strictEqual(codeOf(error).exitCode, exitCode)
  })
})
