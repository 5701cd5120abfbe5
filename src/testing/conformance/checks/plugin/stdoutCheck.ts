import * as Effect from "effect/Effect"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch, warning } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { Recorder } from "../../report/Recorder.ts"

export const stdoutDescriptions = {
  "frames.stdout": {
    section: sections.frames,
    title: "writes nothing but frames to stdout",
    remedy: "Write logs to stderr. Anything else on stdout does no harm, and is logged as a warning.",
  },
  "frames.oneExit": {
    section: sections.frames,
    title: "answers each call once",
    remedy: "Write one Exit for each Request, and nothing for a call after it.",
  },
} as const satisfies Descriptions<PluginCheckId>

/** What was on stdout beside the answers. To be run after the last process has ended, when all output has been read. */
export const stdoutChecks = Effect.fnUntraced(function* (
  record: Recorder,
  { junk, strays }: PluginUnderTest,
): Effect.fn.Return<void> {
  const [line] = junk()
  yield* record.plugin(
    "frames.stdout",
    line === undefined ? Effect.void : Effect.fail(warning("frames that can be read", show(line))),
  )
  const [stray] = strays()
  yield* record.plugin(
    "frames.oneExit",
    stray === undefined ? Effect.void : Effect.fail(mismatch("one answer to each call", show(stray))),
  )
})
