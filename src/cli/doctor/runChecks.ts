/** Runs checks side by side. One that does not end, or that breaks, is a finding like others, and the others are not affected. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Check, DoctorServices, Subject } from "./Check.ts"
import { endsWithin } from "./endsWithin.ts"
import { type Finding, problem } from "./Finding.ts"

/** A finding, with the name of its check. */
export interface Found extends Finding {
  readonly check: string
}

const runCheck = ({ boundMillis, look, name }: Check, subject: Subject) =>
  look(subject).pipe(
    Effect.catchDefect((defect) =>
      Effect.succeed([
        problem(
          `This check broke, so nothing is known: ${Cause.pretty(Cause.die(defect)).split("\n")[0]}`,
          "This is a bug in formae; the other checks are not affected",
        ),
      ]),
    ),
    endsWithin(
      boundMillis,
      Effect.succeed([
        problem(
          `This check has not ended within ${boundMillis / 1_000} s`,
          "Look whether a disk, a network file system or a provider that it needs does not answer",
        ),
      ]),
    ),
    Effect.map((findings) => findings.map((finding): Found => ({ check: name, ...finding }))),
  )

/** The findings in the order of the checks. */
export const runChecks = (
  checks: ReadonlyArray<Check>,
  subject: Subject,
): Effect.Effect<ReadonlyArray<Found>, never, DoctorServices> =>
  Effect.map(
    Effect.forEach(checks, (check) => runCheck(check, subject), { concurrency: "unbounded" }),
    (found) => found.flat(),
  )
