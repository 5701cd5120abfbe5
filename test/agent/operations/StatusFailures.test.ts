/** What a failed Status proves is the plugin's to know, so PROTOCOL.md says it. */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { proofOf } from "../../../src/agent/operations/Proof.ts"
import { ErrorCode } from "../../../src/protocol/ErrorCode.ts"
import { RequestId } from "../../../src/protocol/Identity.ts"

const page = readFileSync(new URL("../../../PROTOCOL.md", import.meta.url), "utf8")

describe("a failed Status", () => {
  it.each(["Create", "Update", "Delete"] as const)(
    "of a %s says nothing about its work with the codes that the page names, and no other",
    (kind) => {
      const sentence = page.split("\n").find((line) => line.includes("say nothing about the work"))
      const named = [...(sentence ?? "").matchAll(/`(\w+)`/g)].map(([, code]) => code)
      const facts = { kind, nativeId: null, requestId: RequestId.make("r-1"), unanswered: false }
      const open = ErrorCode.literals.filter((code) => proofOf(facts, { _tag: "Refused", code }) === "UnderWay")
      assert.sameMembers(named, open)
      assert.isNotEmpty(open)
    },
  )
})
