/** How an operation waits between two calls: by the schedules of its policy, each from its start. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import type { Failure } from "../protocol/ErrorCode.ts"
import type { OperatorPolicy } from "./OperatorPolicy.ts"
import type { AcceptedWork, OperatorState } from "./OperatorState.ts"

/** Gives the schedule its input and waits for the delay that follows. `Ended` when there is none. */
type Wait<Input> = (input: Input) => Effect.Effect<"Waited" | "Ended">

/** Waits by the schedule, from its start. */
const makeWait = <Input>(schedule: Schedule.Schedule<unknown, Input>): Effect.Effect<Wait<Input>> =>
  Effect.map(
    Schedule.toStepWithSleep(schedule),
    (step): Wait<Input> =>
      (input) =>
        step(input).pipe(
          Effect.as("Waited" as const),
          Pull.catchDone(() => Effect.succeed("Ended" as const)),
        ),
  )

/** Waits as a state asks. `Ended` if there is no next call, because a schedule has ended or retries were stopped. */
export const makeOperatorWaits = (
  policy: OperatorPolicy,
  retriesStopped: Deferred.Deferred<void>,
): ((current: OperatorState) => Effect.Effect<"Waited" | "Ended">) => {
  let pollWait: Wait<AcceptedWork> | undefined
  let retryWait: Wait<Failure> | undefined

  return (current) =>
    Effect.suspend(() => {
      switch (current._tag) {
        case "WaitingForResource":
          retryWait = undefined
          return pollWait === undefined
            ? Effect.flatMap(makeWait(policy.poll), (made) => (pollWait = made)(current.work))
            : pollWait(current.work)
        case "Retrying":
          return Effect.raceFirst(
            Effect.as(Deferred.await(retriesStopped), "Ended"),
            retryWait === undefined
              ? Effect.flatMap(makeWait(current.work === undefined ? policy.resend : policy.retry), (made) =>
                  (retryWait = made)(current.failure),
                )
              : retryWait(current.failure),
          )
        default:
          return Effect.succeed("Waited")
      }
    })
}
