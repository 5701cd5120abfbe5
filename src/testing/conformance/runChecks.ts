/** The checks: on the plugin's processes, and then on what these have printed and answered. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { drainCheck } from "./checks/plugin/drainCheck.ts"
import { exitChecks } from "./checks/plugin/exitChecks.ts"
import { handshakeChecks } from "./checks/plugin/handshakeChecks.ts"
import { makeProbeCalls } from "./checks/plugin/ProbeCalls.ts"
import { sharedPeerChecks } from "./checks/plugin/sharedPeerChecks.ts"
import { stdoutCheck } from "./checks/plugin/stdoutCheck.ts"
import { secretCheck } from "./checks/type/secretCheck.ts"
import { testTypes } from "./checks/type/testTypes.ts"
import { cleanUp } from "./peer/cleanUp.ts"
import { type CurrentLaunch, makeCurrentLaunch } from "./peer/CurrentLaunch.ts"
import type { PluginUnusable } from "./peer/PluginUnusable.ts"
import type { MadeResource } from "./peer/Traces.ts"
import { prepareSubjects, type Subjects } from "./prepareSubjects.ts"
import type { Run } from "./Run.ts"

/** How long a run that is stopped may take to delete what it has made. */
const cleanUpGrace = Duration.seconds(10)

/** What was tested, and what could not be deleted. */
export interface Outcome extends Subjects {
  readonly leftBehind: ReadonlyArray<MadeResource>
}

export const runChecks = Effect.fnUntraced(function* (run: Run): Effect.fn.Return<Outcome, PluginUnusable> {
  // The scope ends all launches: the checks after it look at all that these have printed.
  const tested = yield* Effect.scoped(launchChecks(run))
  const { plugin, record, traces } = run
  for (const subject of tested.subjects) yield* secretCheck(record, subject, traces, plugin.printed)
  yield* stdoutCheck(record, plugin)
  return tested
})

/** The checks that need a process, and the deletion of what they have made. */
const launchChecks = Effect.fnUntraced(function* (run: Run): Effect.fn.Return<Outcome, PluginUnusable, Scope.Scope> {
  const { callsOn, plugin, record, traces } = run
  const firstScope = yield* Scope.fork(yield* Effect.scope)
  const first = yield* Scope.provide(makeCurrentLaunch(plugin), firstScope)
  const clean = cleanUp(traces, callsOn(first))
  const { probes, ...subjects } = yield* concurrentChecks(run, first).pipe(
    // A run that is stopped, or cannot begin, leaves nothing behind.
    Effect.onError(() => Effect.timeoutOption(Effect.interruptible(clean), cleanUpGrace)),
  )
  const leftBehind = yield* clean
  yield* drainCheck(record, plugin, probes, first, Scope.close(firstScope, Exit.void))
  return { ...subjects, leftBehind }
})

/** The checks of processes and those of types, which do not wait for each other. */
const concurrentChecks = Effect.fnUntraced(function* (run: Run, current: CurrentLaunch) {
  const { callsOn, filling, nextOperationId, nextUnique, plugin, record } = run
  const prepared = yield* prepareSubjects(run, current)
  const { subjects } = prepared
  const probes = makeProbeCalls(plugin, subjects, nextUnique)
  yield* Effect.all(
    [
      handshakeChecks(record, plugin, `${filling.unique}-canary`),
      Effect.scoped(sharedPeerChecks(record, plugin, probes)),
      exitChecks(record, plugin, probes),
      testTypes({ record, plugin, subjects, current, callsOn, nextOperationId }),
    ],
    { concurrency: 2, discard: true },
  )
  return { ...prepared, probes }
})
