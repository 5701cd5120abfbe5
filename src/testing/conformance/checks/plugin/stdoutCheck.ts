import * as Effect from "effect/Effect"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { warning } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { Recorder } from "../../report/Recorder.ts"

export const stdoutDescriptions = {
  "frames.stdout": {
    section: sections.frames,
    title: "writes nothing but frames to stdout, and one answer to each call",
    remedy:
      "Write logs to stderr, and answer each call once. Anything else on stdout does no harm, and is logged as a warning.",
  },
} as const satisfies Descriptions<PluginCheckId>

/** Whether anything but frames was on stdout. To be run after the last process has ended, when all output has been read. */
export const stdoutCheck = (record: Recorder, { junk }: PluginUnderTest): Effect.Effect<unknown> =>
  record.plugin(
    "frames.stdout",
    Effect.suspend(() => {
      const [line] = junk()
      return line === undefined ? Effect.void : Effect.fail(warning("frames that answer what was asked", show(line)))
    }),
  )
