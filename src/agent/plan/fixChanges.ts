/** The changes of a plan that a resumed command makes: those of the labels that it was begun with. Pure. */
import type { ChangeError } from "../records/ChangeError.ts"
import type { Change } from "./Change.ts"
import { type Selected, indexChanges, isBlocked, neededWith, removalsNeeded, withUnwantedOf } from "./selectChanges.ts"
import { replacedLabelOf } from "./ReplacedLabel.ts"

/**
 * The changes of the labels for which `isBegun` says yes, and what these need as
 * it is. Nothing is added that would be changed: it was not in the plan with which
 * the command was begun. A change that cannot be made without is blocked.
 */
export const fixChanges = (changes: ReadonlyArray<Change>, isBegun: (label: string) => boolean): Selected => {
  const index = indexChanges(changes)
  const isOwn = (label: string): boolean => isBegun(label) || isBegun(replacedLabelOf(label) ?? label)
  const own = changes.filter(({ label }) => isOwn(label))
  const asTheyAre = new Set<string>()
  const fixed = own.map((change) => {
    const needed = neededWith(change, index).flatMap(([, others]) => others)
    const others = needed.filter(({ label }) => !isOwn(label))
    const [kept, missing] = [others.filter(isAsItIs), others.filter((one) => !isAsItIs(one))]
    for (const { label } of kept) asTheyAre.add(label)
    const by = new Set([...missing, ...removalsNeeded(change, index, isOwn)].map(({ label }) => label))
    return by.size === 0 || isBlocked(change) ? change : { ...change, blocked: needsMore(change.label, [...by]) }
  })
  const byLabel = new Map(fixed.map((change) => [change.label, change]))
  const selected = changes.flatMap((change) => {
    const one = byLabel.get(change.label) ?? (asTheyAre.has(change.label) ? change : undefined)
    return one === undefined ? [] : [one]
  })
  return {
    changes: withUnwantedOf(selected, index, isOwn),
    only: { labels: own.map(({ label }) => label), added: [], of: changes.length },
  }
}

const isAsItIs = (change: Change): boolean =>
  change.operation === "noop" && change.movedFrom === undefined && !isBlocked(change)

const needsMore = (label: string, others: ReadonlyArray<string>): ChangeError => ({
  code: "NotBegun",
  message: `${label} cannot be changed without ${others.join(", ")}, which ${others.length === 1 ? "is" : "are"} not part of the command that is resumed; apply the document`,
})
