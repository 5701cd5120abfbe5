/** Checks a forma by itself: what can be checked without plugins. */
import { namespaceKey, namespaceOf } from "../../protocol/Identity.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { FormaDocument, FormaIssue, FormaResource } from "./FormaDocument.ts"
import { findCycles } from "./FormaOrder.ts"
import { knownNames } from "./nearestName.ts"
import { checkDependsOn, checkReferences, checkTargetValues, missingLabel } from "./ReferenceCheck.ts"

/** Checks labels, targets and references: what can be checked without plugins. */
export const checkForma = (forma: FormaDocument): ReadonlyArray<FormaIssue> => {
  const firstWith = new Map<string, number>()
  forma.resources.forEach(({ label }, index) => {
    if (!firstWith.has(label)) firstWith.set(label, index)
  })
  const issues = forma.resources.flatMap((resource, index): ReadonlyArray<FormaIssue> => [
    ...checkLabel(resource, index, firstWith),
    ...checkTarget(forma, resource, index),
    ...checkDependsOn(resource, index, firstWith),
  ])
  const all = [
    ...issues,
    ...checkReferences(forma, firstWith),
    ...checkTargetValues(forma),
    ...checkMoved(forma, firstWith),
  ]
  // Circles can be found only if each reference leads to a resource.
  return all.length > 0 ? all : findCycles(forma.resources)
}

type FirstWith = ReadonlyMap<string, number>

const checkLabel = ({ label }: FormaResource, index: number, firstWith: FirstWith): ReadonlyArray<FormaIssue> => {
  const first = firstWith.get(label)
  return first === index
    ? []
    : [
        {
          path: ["resources", index, "label"],
          message: `the label ${label} is already used by resources[${first}]; give one of them another label`,
        },
      ]
}

/** A move must say the same when it is read again after it was made. */
const checkMoved = ({ moved = [] }: FormaDocument, firstWith: FirstWith): ReadonlyArray<FormaIssue> =>
  moved.flatMap(({ from, to }, index) => {
    const issue = (key: "from" | "to", message: string) => [{ path: ["moved", index, key], message }]
    const before = moved.slice(0, index)
    return [
      ...(firstWith.has(from)
        ? issue(
            "from",
            moved.some((one) => one.to === from && one.from !== one.to)
              ? `the label ${from} is still used by resources[${firstWith.get(from)}]; to give it to another resource in the same document, move in several applies, and swap two labels by way of a third`
              : `the label ${from} is still used by resources[${firstWith.get(from)}]; give that resource its new label, or take this move out`,
          )
        : []),
      ...(firstWith.has(to) ? [] : issue("to", missingLabel(to, "to move to", firstWith))),
      ...(before.some((one) => one.from === from)
        ? issue("from", `the label ${from} is moved twice; keep one of the two`)
        : []),
      ...(before.some((one) => one.to === to) ? issue("to", `two labels are moved to ${to}; keep one of the two`) : []),
    ]
  })

const checkTarget = (
  { targets }: FormaDocument,
  { target, type }: FormaResource,
  index: number,
): ReadonlyArray<FormaIssue> => {
  const path = ["resources", index, "target"]
  const found = ownValue(targets, target)
  if (found === undefined) {
    return [{ path, message: `there is no target ${target}; ${knownNames(target, "targets", Object.keys(targets))}` }]
  }
  if (namespaceKey(found.namespace) === namespaceKey(namespaceOf(type))) return []
  return [
    {
      path,
      message: `the target ${target} belongs to the namespace ${found.namespace}, but the type ${type} does not; name a target of its namespace`,
    },
  ]
}
