/** Checks what the resources of a forma refer to: all that can be known without plugins. */
import { ownValue } from "../../protocol/ownValue.ts"
import { hasLiteral } from "./Expression.ts"
import type { FormaDocument, FormaIssue, FormaResource } from "./FormaDocument.ts"
import { knownNames } from "./nearestName.ts"
import { valuesOf } from "./outputReferences.ts"
import { findReferences, isReference, type ReservedReference } from "./References.ts"

type Labels = ReadonlyMap<string, unknown>

/** Checks the references of all resources and outputs. */
export const checkReferences = (forma: FormaDocument, labels: Labels): ReadonlyArray<FormaIssue> =>
  valuesOf(forma).flatMap(({ path: outer, value }) => [
    ...Object.entries(value).flatMap(([name, inside]) =>
      hasLiteral(inside) ? [{ path: [...outer, name], message: literalMessage }] : [],
    ),
    ...findReferences(value).flatMap((found) => {
      const path = [...outer, ...found.at]
      if ("reason" in found) return [{ path, message: found.reason }]
      const message = isReference(found)
        ? labels.has(found.label)
          ? undefined
          : missingLabel(found.label, "to refer to", labels)
        : objectionToReserved(found, forma.targets, labels)
      return message === undefined ? [] : [{ path, message }]
    }),
  ])

const literalMessage = "an object with the key $value is not possible in a document; write the value itself"

/** Checks what a resource depends on. */
export const checkDependsOn = (
  { dependsOn = [] }: FormaResource,
  index: number,
  labels: Labels,
): ReadonlyArray<FormaIssue> =>
  dependsOn.flatMap((label, place) =>
    labels.has(label)
      ? []
      : [{ path: ["resources", index, "dependsOn", place], message: missingLabel(label, "to depend on", labels) }],
  )

/** A target is needed before anything is known of a resource. */
export const checkTargetValues = ({ targets }: Pick<FormaDocument, "targets">): ReadonlyArray<FormaIssue> =>
  Object.entries(targets).flatMap(([name, { config = {} }]) =>
    findReferences(config).map((found) => ({
      path: ["targets", name, "config", ...found.at],
      message: "reason" in found ? found.reason : "a target cannot refer to something else; write the value itself",
    })),
  )

/** What is said of a label that no resource has. */
export const missingLabel = (label: string, why: string, labels: Labels): string =>
  `there is no resource with the label ${label} ${why}; ${knownNames(label, "labels", [...labels.keys()])}`

const objectionToReserved = (
  { inText, names, word }: ReservedReference,
  targets: FormaDocument["targets"],
  labels: Labels,
): string | undefined => {
  if (inText === true && labels.has(word)) {
    return `in a text, ${word} is a reserved word; give the resource another label, or take its value with $ref`
  }
  if (word === "output") return names.length < 2 ? whereItHas[word] : undefined
  if (word !== "target") return `\${${[word, ...names].join(".")}} has no value here: ${whereItHas[word] ?? ""}`
  const [name = "", fact, ...rest] = names
  if (fact === undefined || rest.length > 0) return "expected a fact of a target, such as ${target.aws.accountId}"
  return ownValue(targets, name) === undefined
    ? `there is no target ${name}; ${knownNames(name, "targets", Object.keys(targets))}`
    : undefined
}

const whereItHas: Readonly<Record<string, string>> = {
  param: "parameters are replaced where a document is read; in code, use the value itself",
  env: "variables are replaced where a document is read; in code, use the value itself",
  output: "expected the output of another document, such as ${output.network.vpcId}",
}
