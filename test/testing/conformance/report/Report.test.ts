import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import { allChecks, ConformanceReport, formatReport } from "../../../../src/testing/conformance/index.ts"
import { mismatch } from "../../../../src/testing/conformance/report/Finding.ts"
import { makeRecorder } from "../../../../src/testing/conformance/report/Recorder.ts"

describe("the report", () => {
  it("names sections that PROTOCOL.md has", () => {
    const text = readFileSync(new URL("../../../../PROTOCOL.md", import.meta.url), "utf8")
    const headings = new Set([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading))
    assert.deepEqual(
      Object.values(allChecks).filter(({ section }) => !headings.has(section)),
      [],
    )
  })

  it.effect("says what was expected and seen, where that is from and what to do, and no secret", () =>
    Effect.gen(function* () {
      const record = makeRecorder({
        descriptions: allChecks,
        observe: () => Effect.void,
        checkMillis: 60_000,
        checks: new Set(Object.keys(allChecks) as Array<keyof typeof allChecks>),
      })
      record.addSecret("hunter2-hunter2")
      yield* record.plugin("calls.configure", Effect.void)
      yield* record.plugin("frames.ping", Effect.die("a mistake in the kit"))
      yield* record.type("A::B::C", "type.list", Effect.fail(mismatch("it in its list", "hunter2-hunter2, and not it")))
      const checks = record.results(["A::B::C"])
      assert.lengthOf(checks, Object.keys(allChecks).length)
      const report = {
        plugin: "a",
        namespace: "A",
        version: "1.0.0",
        status: "failed" as const,
        types: [
          { type: "A::B::C", sample: "generated" as const },
          { type: "A::B::D", sample: "none" as const },
        ],
        checks,
        durationMillis: 1_234,
        leftBehind: [{ type: "A::B::C", nativeId: "c-1" }],
      }
      const encoded = yield* Schema.encodeEffect(Schema.fromJsonString(ConformanceReport))(report)
      const text = formatReport(report)
      for (const part of [
        "\n  ✓ takes new settings\n",
        "\n  ✗ answers Ping while calls are outstanding\n",
        "a mistake in the kit",
        "\nA::B::C, from a generated sample\n",
        "\n      expected  it in its list\n      seen      [secret], and not it\n      where     PROTOCOL.md, 5. The calls\n      do        Return its",
        "\nA::B::D: not tested, because formae-samples.yaml has no sample of it",
        "\n  A::B::C c-1\n",
        `a 1.0.0: 1 passed, 2 failed, ${checks.length - 3} skipped, in 1.2 s`,
      ]) {
        assert.include(text, part)
      }
      assert.notInclude(text + encoded, "hunter2")
    }),
  )
})
