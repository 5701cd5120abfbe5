/** Keeps the outputs of a document in the state as its commands end. */
import * as Effect from "effect/Effect"
import type { Properties } from "../../protocol/Resource.ts"
import { labelsReferredTo } from "../forma/References.ts"
import type { Change } from "../plan/Change.ts"
import type { WantedOutputs } from "../plan/PluginCheck.ts"
import { DocumentOutputs, type StoredOutput } from "../records/DocumentOutputs.ts"
import type { StateError } from "../records/StateError.ts"
import { Note } from "./Note.ts"
import { evaluateOutputs, type ShownOutput, shownOutputs } from "./OutputValues.ts"

/** What an apply has done, as far as outputs follow from it. */
interface AppliedChanges {
  readonly changes: ReadonlyArray<Change>
  /** What the provider has, by label. */
  readonly actual: ReadonlyMap<string, Properties>
  /** Whether it was limited to some labels. Outputs that refer to others stay as they were, and so do those that the document no longer has. */
  readonly isLimited: boolean
}

/** The outputs of an apply, as its result has them. */
interface GivenOutputs {
  readonly shown: Readonly<Record<string, ShownOutput>>
  /** Tells of those that have no value. */
  readonly notes: ReadonlyArray<Note>
}

export const makeOutputRecords = Effect.gen(function* () {
  const outputs = yield* DocumentOutputs

  /** What the state has now. A damaged row is replaced by what is known after the command. */
  const before = (forma: string) =>
    Effect.map(outputs.list, ({ damaged, readable }) => ({
      stored: readable.find((one) => one.forma === forma)?.outputs ?? {},
      used: readable.find((one) => one.forma === forma)?.uses ?? [],
      hasRow: [...readable, ...damaged].some((one) => one.forma === forma),
    }))

  /**
   * Keeps the outputs of an apply. One that is not known because something has
   * failed stays as it was. One that has no value is not kept: what uses it would
   * go on with a value that nothing has any more.
   */
  const afterApply = Effect.fnUntraced(function* (
    forma: string,
    { uses: wantedUses, values }: WantedOutputs,
    { actual, changes, isLimited }: AppliedChanges,
  ): Effect.fn.Return<GivenOutputs, StateError> {
    const known = evaluateOutputs(values, changes, actual)
    const { hasRow, stored, used } = yield* before(forma)
    // What was left out goes on with what it has used.
    const uses = isLimited ? [...new Set([...used, ...wantedUses])] : wantedUses
    const empty = Object.entries(values).flatMap(([name, value]) =>
      !Object.hasOwn(known, name) && labelsReferredTo({ value }).every((label) => actual.has(label)) ? [name] : [],
    )
    const kept = Object.entries(stored).filter(
      ([name]) => (isLimited || Object.hasOwn(values, name)) && !empty.includes(name),
    )
    const closed = yield* Effect.forEach(Object.entries(known), ([name, { isSecret, value }]) =>
      Effect.match(outputs.close(value, isSecret), {
        onSuccess: (one): ReadonlyArray<readonly [string, StoredOutput]> => [[name, one]],
        // The key was lost since the command began: the next apply keeps it.
        onFailure: () => [],
      }),
    )
    const now = Object.fromEntries([...kept, ...closed.flat()])
    const isEmpty = Object.keys(now).length === 0 && uses.length === 0
    if (!isEmpty) yield* outputs.put({ forma, outputs: now, uses })
    else if (hasRow) yield* outputs.remove(forma)
    const left = isLimited ? outputsLeft(values, changes) : []
    const notes = [
      ...(empty.length === 0 ? [] : [Note.cases.OutputsWithoutValue.make({ forma, names: empty })]),
      ...(left.length === 0 ? [] : [Note.cases.OutputsLeft.make({ forma, names: left })]),
    ]
    return { shown: shownOutputs(known), notes }
  })

  /** A document whose resources are gone has no outputs. */
  const afterDestroy = Effect.fnUntraced(function* (forma: string): Effect.fn.Return<void, StateError> {
    if ((yield* before(forma)).hasRow) yield* outputs.remove(forma)
  })

  return { afterApply, afterDestroy }
})

/** The outputs that refer to resources which a limited apply has left out. */
const outputsLeft = (values: Properties, changes: ReadonlyArray<Change>): ReadonlyArray<string> => {
  const labels = new Set(changes.map(({ label }) => label))
  return Object.entries(values).flatMap(([name, value]) =>
    labelsReferredTo({ value }).every((label) => labels.has(label)) ? [] : [name],
  )
}
