/** Plans with the canonical forms that plugins give. */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { ResourceType } from "../../protocol/Identity.ts"
import { CanonicalForms } from "../operations/CanonicalForms.ts"
import { changeErrorOf } from "../operations/ChangeFailed.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import type { Blockers, ExistingResource, WantedResource } from "./Change.ts"
import { noForms, type WantedForm } from "./KnownForms.ts"
import { makePlan } from "./Plan.ts"

/**
 * Plans, asks for the canonical forms that the plan has looked for, and plans
 * again: what a reference stands for may depend on what is known by then. A
 * resource whose forms are not available counts as unreadable.
 */
export const makePlanWithForms = Effect.gen(function* () {
  const canonical = yield* CanonicalForms
  return Effect.fnUntraced(function* (
    wanted: ReadonlyArray<WantedResource>,
    existing: ReadonlyArray<ExistingResource>,
    blockers: Blockers,
  ) {
    const unreadable = new Map<ResourceType, ChangeError>()
    const labels = new Set(wanted.map(({ resource }) => resource.label))

    const formsOf = (group: readonly [WantedForm, ...ReadonlyArray<WantedForm>]) => {
      const [{ capabilities }] = group
      return Effect.match(
        canonical.of(
          capabilities,
          group.map(({ properties }) => properties),
        ),
        {
          onFailure: (error) => {
            unreadable.set(capabilities.type, changeErrorOf(error))
            return group.map((one) => ({ ...one, form: one.properties }))
          },
          onSuccess: (given) => group.map((one, index) => ({ ...one, form: given[index] ?? one.properties })),
        },
      )
    }

    let forms = noForms()
    while (true) {
      const found = existing.map((one): ExistingResource => {
        const error = unreadable.get(one.row.type)
        // What is deleted is not compared.
        return error === undefined || !labels.has(one.row.label) ? one : { ...one, unreadable: one.unreadable ?? error }
      })
      const changes = makePlan(wanted, new Map(found.map((one) => [one.row.label, one])), blockers, forms)
      const groups = Object.values(Arr.groupBy(forms.missing(), ({ capabilities }) => capabilities.type))
      if (groups.length === 0) return changes
      forms = forms.with((yield* Effect.forEach(groups, formsOf, { concurrency: "unbounded" })).flat())
    }
  })
})
