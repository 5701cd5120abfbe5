/** The clock, compared with the times of the files that formae has written. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { logOf } from "../../../agent/store/FileCheck.ts"
import { writesOf } from "../../../agent/store/WriteCount.ts"
import { formatTime } from "../../../protocol/formatTime.ts"
import { type Check, seconds } from "../Check.ts"
import { type Finding, ok, warning } from "../Finding.ts"

/** A file system on a network has a clock of its own. */
const toleratedMillis = seconds(60)

/** `written` is the newest time of the files, undefined where there are none. All times are in milliseconds since 1970. Pure. */
export const clockFinding = (now: number, written: number | undefined): Finding => {
  const says = `The clock says ${formatTime(now)}`
  if (written === undefined || written - now <= toleratedMillis) return ok(says)
  return warning(
    `${says}, but the state was written at ${formatTime(written)}: the clock is behind, or was ahead then`,
    "Let the system set its clock (NTP). Providers refuse requests whose time is wrong by some minutes",
  )
}

export const clock: Check = {
  name: "clock",
  boundMillis: seconds(10),
  look: Effect.fnUntraced(function* ({ stateFile }) {
    const fs = yield* FileSystem.FileSystem
    const now = yield* Clock.currentTimeMillis
    const times = yield* Effect.forEach([stateFile, logOf(stateFile), writesOf(stateFile)], (file) =>
      Effect.match(fs.stat(file), {
        onFailure: () => [],
        onSuccess: ({ mtime }) => Option.match(mtime, { onNone: () => [], onSome: (date) => [date.getTime()] }),
      }),
    )
    const written = times.flat()
    return [clockFinding(now, written.length === 0 ? undefined : Math.max(...written))]
  }),
}
