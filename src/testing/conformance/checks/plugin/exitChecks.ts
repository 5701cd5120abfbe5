/** How a process ends: with its stdin, and by a signal. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { peerAfterHandshake } from "../../peer/greet.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { describeExit } from "../../peer/RawExit.ts"
import type { RawPeer } from "../../peer/RawPeer.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch, warning } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { ProbeCalls } from "./ProbeCalls.ts"
import type { SharedPeer } from "./SharedPeer.ts"

export const exitDescriptions = {
  "process.endOfInput": {
    section: sections.process,
    title: "exits with 0 within 1 s of the end of its stdin",
    remedy: "When stdin ends, exit with code 0 at once. A timer or a socket that is open must not hold the process.",
  },
  "process.endOfInputInFlight": {
    section: sections.process,
    title: "exits with 0 within 1 s even with a call in flight",
    remedy: "When stdin ends, give calls in flight less than a second, and exit with code 0 whatever they do.",
  },
  "process.terminate": {
    section: sections.process,
    title: "ends on SIGTERM",
    remedy: "Do not ignore SIGTERM: 5 s later the agent sends SIGKILL, and the plugin has no chance to clean up.",
  },
} as const satisfies Descriptions<PluginCheckId>

const callsInFlight = 4

export const endOfInputCheck = (
  record: Recorder,
  { peer, plugin }: SharedPeer,
): Effect.Effect<unknown, never, Scope.Scope> =>
  record.plugin(
    "process.endOfInput",
    Effect.flatMap(peer, (one) => expectExit(plugin, one)),
  )

/** Each on a process of its own. */
export const exitChecks = Effect.fnUntraced(function* (
  record: Recorder,
  plugin: PluginUnderTest,
  probes: ProbeCalls,
): Effect.fn.Return<void> {
  yield* record.plugin("process.endOfInputInFlight", Effect.scoped(endOfInputInFlight(plugin, probes)))
  yield* record.plugin("process.terminate", Effect.scoped(terminate(plugin)))
})

const endOfInputInFlight = Effect.fnUntraced(function* (plugin: PluginUnderTest, { read, slow }: ProbeCalls) {
  const peer = yield* peerAfterHandshake(plugin)
  const calls = slow
    ? [peer.call("Create", slow.payload(`${plugin.cookie}-slow`))]
    : Array.from({ length: callsInFlight }, (_, index) => peer.call("Read", read(`${plugin.cookie}-last-${index}`)))
  yield* peer.write(calls.map(({ frame }) => frame).join(""))
  // Its answer shows that what was written before it has been read.
  if (slow !== undefined) yield* peer.ask("Read", read(`${plugin.cookie}-read`))
  return yield* expectExit(plugin, peer)
})

const terminate = Effect.fnUntraced(function* (plugin: PluginUnderTest) {
  const peer = yield* peerAfterHandshake(plugin)
  yield* peer.terminate
  const exit = yield* peer.exit(plugin.limits.exitGraceMillis)
  return { note: describeExit(exit) }
})

/** Ends stdin, and looks at how the process ends and how long that takes. */
const expectExit = Effect.fnUntraced(function* (plugin: PluginUnderTest, peer: RawPeer) {
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
