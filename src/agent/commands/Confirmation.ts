/** Asks whether what a command is about to do may be done, and makes sure that nothing else is. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { CommandRef } from "../apply/CommandRef.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import { StopSignal } from "../operations/StopRequests.ts"
import type { Properties } from "../../protocol/Resource.ts"
import type { OnlyLabels } from "../plan/OnlyLabels.ts"
import type { PlannedChanges } from "../plan/Planner.ts"
import type { PropertyChange } from "../plan/PropertyChange.ts"
import { planDoesSomething } from "./doesSomething.ts"
import { type AcceptedDrift, notAccepted } from "./DriftNotAccepted.ts"
import { NotConfirmed, type NotConfirmedReason } from "./NotConfirmed.ts"
import { outputDifferences, planDifferences } from "./planDifferences.ts"
import { PlanOutdated } from "./PlanOutdated.ts"
import { makePlannedOutputs } from "./PlannedOutputs.ts"
import { makePlannedResults } from "./PlannedResults.ts"

/** What a command is going to do, if it may. */
export interface ConfirmRequest {
  /** Which command it is. */
  readonly command: "apply" | "destroy"
  /** The name of the forma. */
  readonly forma: string
  /** What it does to each resource, as the result of a plan says it. */
  readonly resources: ReadonlyArray<ResourceResult>
  /** The outputs that it makes new, changes or drops, as the result of a plan says it. */
  readonly outputChanges?: ReadonlyArray<PropertyChange>
  /** What it was limited to, if it was. */
  readonly only?: OnlyLabels
}

/** Whether a command may do what it is going to do. */
export type Confirm = (request: ConfirmRequest) => Effect.Effect<boolean>

/** What is asked for, and how. */
export interface Asked<E, R> {
  readonly command: ConfirmRequest["command"]
  readonly ref: CommandRef
  readonly confirm: Confirm | undefined
  /** Which drift may be overwritten. */
  readonly acceptDrift?: AcceptedDrift | undefined
  /** What the plan must be. Undefined where it may be any. */
  readonly expected: ReadonlyArray<ResourceResult> | undefined
  /** The output changes that the plan must have. Undefined where they may be any. */
  readonly expectedOutputs?: ReadonlyArray<PropertyChange> | undefined
  /** The outputs of the document. */
  readonly outputs: Properties
  /** The labels whose open operations were taken up before. */
  readonly takenUp: Iterable<string>
  /** Plans, and claims what the plan changes. */
  readonly plan: Effect.Effect<PlannedChanges, E, R>
}

export const makeConfirmation = Effect.gen(function* () {
  const plannedOutputs = yield* makePlannedOutputs
  const plannedResults = yield* makePlannedResults

  /**
   * The plan that may be carried out: the first one, where nobody has to be
   * asked. What is claimed stays so meanwhile, so that no other command changes
   * it; but the providers may have changed by the time of a late answer, so the
   * plan is made again then. Where it is another one, it asks again. Fails with
   * `NotConfirmed` where the answer is no, and with `PlanOutdated` where the plan
   * is not the expected one, also after a late answer. Fails with
   * `DriftNotAccepted` where the plan overwrites what it may not.
   */
  return Effect.fnUntraced(function* <E, R>(asked: Asked<E, R>) {
    const { acceptDrift = [], command, confirm, expected, expectedOutputs, outputs, plan, ref, takenUp } = asked
    const { forma } = ref
    const isAsked = confirm !== undefined && acceptDrift === "confirmed"
    const accepted = acceptDrift === "confirmed" ? [] : acceptDrift
    const refusalOf = ({ changes }: PlannedChanges) => (isAsked ? undefined : notAccepted(forma, changes, accepted))
    /** What a plan does, if it may be done. */
    const checked = Effect.fnUntraced(function* (planned: PlannedChanges) {
      const { changes, only } = planned
      const refusal = refusalOf(planned)
      if (refusal !== undefined) return yield* refusal
      const resources = yield* plannedResults(changes)
      const differences = expected === undefined ? [] : planDifferences(expected, resources)
      const outputChanges = yield* plannedOutputs(forma, outputs, planned)
      const differing =
        expected === undefined || expectedOutputs === undefined ? [] : outputDifferences(expectedOutputs, outputChanges)
      if (differences.length + differing.length > 0) {
        return yield* new PlanOutdated({
          forma,
          differences,
          ...(differing.length === 0 ? {} : { outputs: differing }),
        })
      }
      return {
        command,
        forma,
        resources,
        ...(outputChanges.length === 0 ? {} : { outputChanges }),
        ...(only === undefined ? {} : { only }),
      } satisfies ConfirmRequest
    })
    let planned = yield* plan
    if (confirm === undefined && expected === undefined) return yield* refusalOf(planned) ?? Effect.succeed(planned)
    let request = yield* checked(planned)
    if (confirm === undefined) return planned
    const refuse = (reason: NotConfirmedReason) => new NotConfirmed({ forma, reason, takenUp: [...takenUp] })
    const stopped = Effect.flatMap(StopSignal, (signal) => Effect.as(signal, "stopped" as const))
    for (let round = 0; round < maxRounds; round += 1) {
      if (!planDoesSomething(request)) return planned
      const askedAt = yield* Clock.currentTimeMillis
      const answer = yield* Effect.raceFirst(confirm(request), stopped)
      if (answer !== true) return yield* refuse(answer === "stopped" ? "Stopped" : "Declined")
      const waited = (yield* Clock.currentTimeMillis) - askedAt
      if (waited >= 0 && waited <= freshMillis) return planned
      const shown = request
      planned = yield* plan
      request = yield* checked(planned)
      if (Equal.equals(request, shown)) return planned
    }
    return yield* refuse("KeepsChanging")
  })
})

/** An answer that comes as soon is one to what the providers have now, as in a command that does not ask. */
const freshMillis = 5_000

/** A property may be another one at each read. */
const maxRounds = 5
