import * as Effect from "effect/Effect"
import type { Lookup } from "../../agent/forma/References.ts"
import { capabilitiesOf, type CurrentLaunch } from "./peer/CurrentLaunch.ts"
import type { PluginUnusable } from "./peer/PluginUnusable.ts"
import type { ConformanceReport } from "./report/Report.ts"
import type { Run } from "./Run.ts"
import { chooseSamples } from "./samples/chooseSamples.ts"
import type { Sample } from "./samples/Samples.ts"
import { makeSubject, type Subject } from "./samples/Subject.ts"
import { setUp } from "./setUp.ts"

export interface Subjects {
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
  const known = yield* capabilitiesOf(current)
  const chosen = yield* chooseSamples(options, samples, known)
  // Generated samples refer to nothing.
  const lookup: Lookup = chosen.given.length === 0 ? () => undefined : yield* setUp(run, known, current)
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
  return { subjects, types: chosen.tested }
})

/** With `target` put over its own, if it has one. */
const withTarget = ({ target: own, ...sample }: Sample, target: Sample["target"] | undefined): Sample =>
  own === undefined ? sample : { ...sample, target: { ...own, ...target } }
