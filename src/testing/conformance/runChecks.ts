/** The checks: on the plugin's processes, and then on what these have printed and answered. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { drainCheck } from "./checks/plugin/drainCheck.ts"
import { exitChecks } from "./checks/plugin/exitChecks.ts"
import { handshakeChecks } from "./checks/plugin/handshakeChecks.ts"
import { makeProbeCalls, type ProbeCalls } from "./checks/plugin/ProbeCalls.ts"
import { sharedPeerChecks } from "./checks/plugin/sharedPeerChecks.ts"
import { stdoutChecks } from "./checks/plugin/stdoutCheck.ts"
import { secretCheck } from "./checks/type/secretCheck.ts"
import { testTypes } from "./checks/type/testTypes.ts"
import { cleanUp } from "./peer/cleanUp.ts"
import { type CurrentLaunch, makeCurrentLaunch } from "./peer/CurrentLaunch.ts"
import type { PluginUnusable } from "./peer/PluginUnusable.ts"
import type { MadeResource } from "./peer/Traces.ts"
import { prepareSubjects, type Subjects } from "./prepareSubjects.ts"
import { mismatch, skip } from "./report/Finding.ts"
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
  yield* stdoutChecks(record, plugin)
  return tested
})

/** The checks that need a process, and the deletion of what they have made. */
const launchChecks = Effect.fnUntraced(function* (run: Run): Effect.fn.Return<Outcome, PluginUnusable, Scope.Scope> {
  const { callsOn, nextUnique, plugin, record, traces } = run
  const firstScope = yield* Scope.fork(yield* Effect.scope)
  const first = yield* Scope.provide(makeCurrentLaunch(plugin), firstScope)
  const clean = cleanUp(traces, callsOn(first))
  const briefly = Effect.timeoutOption(Effect.interruptible(clean), cleanUpGrace)
  // A run that is stopped, or cannot begin, leaves nothing behind.
  const prepared = yield* Effect.onError(prepareSubjects(run, first), () => briefly)
  const { subjects } = prepared
  const completed = yield* record
    .plugin(
      "run.completed",
      withinRun(
        run,
        Effect.gen(function* () {
          const probes = yield* makeProbeCalls({ plugin, subjects, traces, nextUnique })
          yield* concurrentChecks(run, prepared, probes, first)
          return { probes }
        }),
      ),
      plugin.limits.runMillis * 2,
    )
    .pipe(Effect.onError(() => briefly))
  if (completed === undefined) {
    yield* briefly
    return { ...prepared, leftBehind: traces.made() }
  }
  const leftBehind = yield* clean
  if (prepared.notStarted === undefined) {
    yield* drainCheck(record, plugin, completed.probes, first, Scope.close(firstScope, Exit.void))
  }
  return { ...prepared, leftBehind }
})

/** The checks of processes and those of types, which do not wait for each other. */
const concurrentChecks = Effect.fnUntraced(function* (
  run: Run,
  { notStarted, subjects, types }: Subjects,
  probes: ProbeCalls,
  current: CurrentLaunch,
) {
  const { callsOn, filling, nextOperationId, plugin, record, traces } = run
  yield* Effect.all(
    [
      Effect.flatMap(handshakeChecks(record, plugin, `${filling.unique}-canary`), (isGreeted) =>
        record.plugin(
          "run.started",
          notStarted === undefined
            ? Effect.void
            : Effect.fail(isGreeted ? notStarted : skip("it does not answer the handshake as it should")),
        ),
      ),
      Effect.scoped(sharedPeerChecks(record, plugin, probes)),
      exitChecks(record, plugin, probes),
      testTypes({ record, plugin, subjects, current, callsOn, nextOperationId, traces }),
    ],
    { concurrency: 2, discard: true },
  )
  yield* record.plugin(
    "run.tested",
    Effect.suspend(() => {
      if (subjects.length > 0) return Effect.void
      if (notStarted !== undefined) return Effect.fail(skip("it does not start"))
      return Effect.fail(
        mismatch(
          "a sample of one of its resource types",
          types.length === 0 ? "no resource type" : `none of ${types.map(({ type }) => type).join(", ")}`,
        ),
      )
    }),
  )
})

/** Ends what takes too long with a sentence. */
const withinRun = <A, R>({ plugin: { limits } }: Run, all: Effect.Effect<A, never, R>) =>
  all.pipe(
    Effect.timeoutOrElse({
      duration: Duration.millis(limits.runMillis),
      orElse: () =>
        Effect.fail(mismatch(`the end of all checks within ${limits.runMillis} ms`, "checks that were still running")),
    }),
  )
