/** Compares a resource with what is wanted and known now: what an update has to send. */
import * as Effect from "effect/Effect"
import type { OperationId } from "../../protocol/Identity.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { ChangeFailed } from "../operations/ChangeFailed.ts"
import { CanonicalForms } from "../operations/CanonicalForms.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { ignoredPlaces } from "../forma/IgnoredPlaces.ts"
import { formerCapabilities } from "../plan/formerSecrets.ts"
import { compare, updateBasis } from "../plan/Comparison.ts"
import { keepIgnored, objectionToUpdate } from "../plan/Ignored.ts"
import { Seals, secretsOf } from "../secrets/Seals.ts"
import type { UpdateRequest } from "./UpdateRequest.ts"

export type FreshComparison =
  | { readonly _tag: "Nothing"; readonly actual: Properties }
  | {
      readonly _tag: "Update"
      /** What is wanted, with what was read at the places that are ignored. */
      readonly desired: Properties
      readonly operationOf: (operationId: OperationId) => Operation
      /** What was read of the secrets that stay as they are. A plugin that answers from `lastRead` does not know them. */
      readonly kept: Properties
    }

/** Compares what was read, or else reads the resource again. Values that the plan did not know are known now. */
export const makeFreshComparison = Effect.gen(function* () {
  const reader = yield* ResourceReader
  const forms = yield* CanonicalForms
  const seals = yield* Seals
  return Effect.fnUntraced(function* (
    { desired: planned, existing: { row }, wanted }: UpdateRequest,
    read?: Properties,
  ): Effect.fn.Return<FreshComparison, ChangeFailed> {
    const { resource, targetConfig } = wanted
    const capabilities = formerCapabilities(wanted, { row })
    const actual = read ?? (yield* reader.read(row, targetConfig))
    if (actual === undefined) return yield* planOutdated(row.label, "it was deleted elsewhere")
    // What others have changed since the plan stays as well.
    const desired = keepIgnored(planned, actual, wanted)
    const prior = yield* seals.open(row.desired, desired)
    const [desiredForm = desired, priorForm = prior, actualForm = actual] = yield* forms.of(capabilities, [
      desired,
      prior,
      actual,
    ])
    const compared = {
      desired,
      prior,
      actual,
      exactBefore: row.exactPaths ?? [],
      ignored: ignoredPlaces(resource),
      canonical: { desired: desiredForm, prior: priorForm, actual: actualForm },
    }
    const difference = compare({ ...compared, unknown: [] }, capabilities)
    if (difference._tag === "Replace") {
      return yield* planOutdated(row.label, `${difference.changed.join(", ")} was changed elsewhere`)
    }
    if (difference._tag === "Same") return { _tag: "Nothing", actual }
    const objection = objectionToUpdate(wanted, actual, difference.changed)
    if (objection !== undefined) {
      const reason = { _tag: "Blocked", code: "InvalidRequest" } as const
      return yield* new ChangeFailed({ reason, message: `${row.label}: ${objection}`, attempts: 0 })
    }
    const secrets = Object.entries(secretsOf(actual, capabilities))
    return {
      _tag: "Update",
      desired,
      kept: Object.fromEntries(secrets.filter(([name]) => !difference.changed.includes(name))),
      operationOf: (operationId) =>
        Operation.cases.Update.make({
          operationId,
          resourceType: resource.type,
          targetConfig,
          label: resource.label,
          nativeId: row.nativeId,
          desired,
          ...updateBasis(compared, capabilities),
        }),
    }
  })
})

/** The resource has changed between the plan and the step. The next plan will see it. */
const planOutdated = (label: string, what: string): ChangeFailed =>
  new ChangeFailed({
    reason: { _tag: "PlanOutdated" },
    message: `${label}: ${what} since the plan was made; apply the document again`,
    attempts: 0,
  })
