/** How a plan changes the outputs of its document. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { escapeToken } from "effect/JsonPointer"
import type { SqlError } from "effect/sql/SqlError"
import type * as Schema from "effect/Schema"
import type { Properties } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { labelsReferredTo, resolveReferences } from "../forma/References.ts"
import { valueInside } from "../plan/Comparison.ts"
import { knownNow } from "../plan/Plan.ts"
import type { PlannedChanges } from "../plan/Planner.ts"
import { type PropertyChange, secretMark } from "../plan/PropertyChange.ts"
import { DocumentOutputs, type StoredOutput } from "../records/DocumentOutputs.ts"
import { secretOutputsOf } from "./OutputValues.ts"

/** What the state has of an output. */
interface Before {
  /** Left out where it is secret and cannot be opened. */
  readonly value?: Schema.Json
  readonly isSecret: boolean
}

type Stored = Readonly<Record<string, Before>>

export const makePlannedOutputs = Effect.gen(function* () {
  const outputs = yield* DocumentOutputs

  const openOne = (one: StoredOutput): Effect.Effect<Before> =>
    Effect.match(outputs.open(one), {
      onFailure: () => ({ isSecret: true }),
      onSuccess: (value) => ({ value, isSecret: "locked" in one }),
    })

  /** The outputs that are new, changed or gone after a plan of the forma with this name. A damaged row counts as none, because an apply replaces it. */
  return Effect.fnUntraced(function* (
    forma: string,
    values: Properties,
    planned: PlannedChanges,
  ): Effect.fn.Return<ReadonlyArray<PropertyChange>, SqlError> {
    const { readable } = yield* outputs.list
    const row = readable.find((one) => one.forma === forma)?.outputs ?? {}
    const opened = yield* Effect.forEach(Object.entries(row), ([name, one]) =>
      Effect.map(openOne(one), (before) => [name, before] as const),
    )
    return outputChanges(values, Object.fromEntries(opened), planned)
  })
})

/** Pure. `values` are the outputs as the document has them, and `stored` those that the state has. */
export const outputChanges = (
  values: Properties,
  stored: Stored,
  { changes, only }: PlannedChanges,
): ReadonlyArray<PropertyChange> => {
  const byLabel = new Map(changes.map((change) => [change.label, change]))
  const isSecretNow = secretOutputsOf(changes)
  const lookup = knownNow(byLabel)
  const wanted = Object.entries(values).flatMap(([name, written]) => {
    // What an apply leaves out, or cannot reach, keeps its output as it is.
    const isReached = labelsReferredTo({ written }).every((label) => {
      const change = byLabel.get(label)
      return change !== undefined && change.blocked === undefined
    })
    if (!isReached) return []
    const output = { [name]: written }
    const { properties, unknown } = resolveReferences(output, lookup, (place) => valueInside(output, place))
    const after = ownValue(properties, name)
    return changeOf(name, ownValue(stored, name), {
      ...(after === undefined ? {} : { value: after }),
      isSecret: isSecretNow(written),
      isKnown: unknown.size === 0,
    })
  })
  const gone = Object.entries(stored).flatMap(([name, before]) =>
    only !== undefined || Object.hasOwn(values, name) ? [] : changeOf(name, before, undefined),
  )
  return [...wanted, ...gone]
}

/** An output after the plan, as far as it is known. */
interface After extends Before {
  readonly isKnown: boolean
}

const isSameOutput = (before: Before, { isKnown, isSecret, value }: After): boolean =>
  isKnown && before.value !== undefined && before.isSecret === isSecret && Equal.equals(before.value, value)

const shown = ({ isSecret, value = null }: Before): Schema.Json => (isSecret ? secretMark : value)

const changeOf = (
  name: string,
  before: Before | undefined,
  after: After | undefined,
): ReadonlyArray<PropertyChange> => {
  if (before !== undefined && after !== undefined && isSameOutput(before, after)) return []
  const isSecret = (after ?? before)?.isSecret === true
  return [
    {
      path: `/${escapeToken(name)}`,
      // What becomes secret may be the value that it has now.
      ...(before === undefined ? {} : { before: isSecret ? secretMark : shown(before) }),
      ...(after === undefined ? {} : { after: shown(after) }),
      ...(isSecret ? { secret: true as const } : {}),
      ...(before?.isSecret === true && !isSecret ? { secretBefore: true as const } : {}),
      ...(after?.isKnown === false ? { knownLater: true as const } : {}),
    },
  ]
}
