import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { callChecks } from "./callChecks.ts"
import { endOfInputCheck } from "./exitChecks.ts"
import { idChecks } from "./idChecks.ts"
import { inFlightChecks } from "./inFlightChecks.ts"
import { interruptChecks } from "./interruptChecks.ts"
import type { ProbeCalls } from "./ProbeCalls.ts"
import { leaseCheck } from "./leaseCheck.ts"
import { makeSharedPeer } from "./SharedPeer.ts"
import { stopRetryingCheck } from "./stopRetryingCheck.ts"
import { toleranceChecks } from "./toleranceChecks.ts"

/** The checks that can follow one another on one process. */
export const sharedPeerChecks = Effect.fnUntraced(function* (
  record: Recorder,
  plugin: PluginUnderTest,
  probes: ProbeCalls,
): Effect.fn.Return<void, never, Scope.Scope> {
  const shared = yield* makeSharedPeer(plugin, probes)
  yield* toleranceChecks(record, shared)
  yield* callChecks(record, shared)
  yield* stopRetryingCheck(record, shared)
  yield* leaseCheck(record, shared)
  yield* idChecks(record, shared)
  yield* interruptChecks(record, shared)
  yield* inFlightChecks(record, shared)
  // The last one, because it ends the process.
  yield* endOfInputCheck(record, shared)
})
