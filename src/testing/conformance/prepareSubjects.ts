import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Lookup } from "../../agent/forma/References.ts"
import { capabilitiesOf, type CurrentLaunch } from "./peer/CurrentLaunch.ts"
import { PluginUnusable } from "./peer/PluginUnusable.ts"
import type { Finding } from "./report/Finding.ts"
import type { ConformanceReport } from "./report/Report.ts"
import type { Run } from "./Run.ts"
import { chooseSamples } from "./samples/chooseSamples.ts"
import type { Sample } from "./samples/Samples.ts"
import { makeSubject, type Subject } from "./samples/Subject.ts"
import { setUp } from "./setUp.ts"

export interface Subjects {
  /** Why the agent cannot start the plugin; undefined if it can. */
  readonly notStarted: Finding | undefined
  readonly subjects: ReadonlyArray<Subject>
  /** All types that were asked for, also those without a sample. */
  readonly types: ConformanceReport["types"]
}

/** Chooses the samples to test, and makes the resources that they refer to. */
export const prepareSubjects = Effect.fnUntraced(function* (
  run: Run,
  current: CurrentLaunch,
): Effect.fn.Return<Subjects, PluginUnusable> {
  const { filling, nextUnique, options, record, samples } = run
  const started = yield* Effect.result(current)
  const notStarted = started._tag === "Failure" ? started.failure : undefined
  const known = yield* capabilitiesOf(notStarted === undefined ? current : Effect.fail(notStarted))
  const chosen = yield* chooseSamples(options, samples, known)
  // Generated samples refer to nothing, and a plugin that does not start makes nothing.
  const nothing = chosen.given.length === 0 || notStarted !== undefined
  const lookup: Lookup = nothing ? () => undefined : yield* withinSetUp(run, setUp(run, known, current))
  const target = { ...samples.target, ...options.target }
  const subjects = [...chosen.given, ...chosen.generated].flatMap((sample) => {
    const capabilities = known.get(sample.type)
    return capabilities === undefined
      ? []
      : [
          makeSubject({
            sample: withTarget(sample, options.target),
            capabilities,
            target,
            run: filling,
            nextUnique,
            lookup,
            onSecret: record.addSecret,
          }),
        ]
  })
  return { notStarted, subjects, types: chosen.tested }
})

const withinSetUp = <A>({ plugin: { limits } }: Run, made: Effect.Effect<A, PluginUnusable>) =>
  Effect.timeoutOrElse(made, {
    duration: Duration.millis(limits.setUpMillis),
    orElse: () =>
      Effect.fail(
        new PluginUnusable({ message: `setup: the resources were not made within ${limits.setUpMillis} ms` }),
      ),
  })

/** With `target` put over its own, if it has one. */
const withTarget = ({ target: own, ...sample }: Sample, target: Sample["target"] | undefined): Sample =>
  own === undefined ? sample : { ...sample, target: { ...own, ...target } }
