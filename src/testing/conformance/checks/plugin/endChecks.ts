/** How a process ends: with its stdin, and by a signal. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { peerAfterHandshake } from "../../peer/greet.ts"
import { warning, mismatch } from "../../report/Finding.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { describeExit } from "../../peer/RawExit.ts"
import type { RawPeer } from "../../peer/RawPeer.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { ProbeCalls } from "./ProbeCalls.ts"

const callsInFlight = 4

/** Ends stdin, and looks at the end of the process and at how long it took. */
export const expectExit = Effect.fnUntraced(function* (plugin: PluginUnderTest, peer: RawPeer) {
  const { exitGraceMillis, exitMillis } = plugin.limits
  const from = yield* Clock.currentTimeMillis
  yield* peer.endInput
  const exit = yield* peer.exit(exitGraceMillis)
  if (exit.code !== 0) return yield* mismatch("exit code 0", describeExit(exit))
  const millis = Math.round(exit.at - from)
  return millis > exitMillis
    ? yield* warning(`its end within ${exitMillis} ms`, `${millis} ms`)
    : { note: `after ${millis} ms` }
})

export const endChecks = Effect.fnUntraced(function* (
  plugin: PluginUnderTest,
  record: Recorder,
  { read, slow }: ProbeCalls,
): Effect.fn.Return<void> {
  yield* record.plugin(
    "process.endOfInputInFlight",
    Effect.gen(function* () {
      const peer = yield* peerAfterHandshake(plugin)
      const calls = slow
        ? [peer.call("Create", slow(`${plugin.cookie}-slow`))]
        : Array.from({ length: callsInFlight }, (_, index) => peer.call("Read", read(`${plugin.cookie}-last-${index}`)))
      yield* peer.write(calls.map(({ frame }) => frame).join(""))
      // Its answer says that what was written before it has been read.
      if (slow !== undefined) yield* peer.ask("Read", read(`${plugin.cookie}-read`))
      return yield* expectExit(plugin, peer)
    }).pipe(Effect.scoped),
  )
  yield* record.plugin(
    "process.terminate",
    Effect.gen(function* () {
      const peer = yield* peerAfterHandshake(plugin)
      yield* peer.terminate
      const exit = yield* peer.exit(plugin.limits.exitGraceMillis)
      return { note: describeExit(exit) }
    }).pipe(Effect.scoped),
  )
})
