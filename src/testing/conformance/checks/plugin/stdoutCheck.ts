import * as Effect from "effect/Effect"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { warning } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { Recorder } from "../../report/Recorder.ts"

/** Whether anything but frames was on stdout, once all processes have gone: so that all that they print has been read. */
export const stdoutCheck = (record: Recorder, { junk }: PluginUnderTest): Effect.Effect<unknown> =>
  record.plugin(
    "frames.stdout",
    Effect.suspend(() => {
      const [line] = junk()
      return line === undefined ? Effect.void : Effect.fail(warning("frames that answer what was asked", show(line)))
    }),
  )
