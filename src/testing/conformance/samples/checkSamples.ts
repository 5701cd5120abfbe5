import * as Predicate from "effect/Predicate"
import { findReferences, isReference } from "../../../agent/forma/References.ts"
import type { LocatedIssue } from "../../../protocol/Issue.ts"
import type { Properties } from "../../../protocol/Resource.ts"
import { isPlaceholder, placeholder, placeholders } from "./Placeholder.ts"
import type { Samples } from "./Samples.ts"

/** What is wrong with samples that their schema allows. `document` is what they were decoded from. */
export const checkSamples = (document: unknown, samples: Samples): ReadonlyArray<LocatedIssue> => [
  ...checkPlaceholders(document, []),
  ...checkTypes(samples),
  ...checkReferences(samples),
]

const known = placeholders.map((name) => `{{${name}}}`).join(", ")

const checkPlaceholders = (value: unknown, path: ReadonlyArray<PropertyKey>): ReadonlyArray<LocatedIssue> => {
  if (typeof value === "string") {
    return [...value.matchAll(placeholder)].flatMap(([, name = ""]) =>
      isPlaceholder(name) ? [] : [{ path, message: `there is no {{${name}}}; the known ones are: ${known}` }],
    )
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => checkPlaceholders(item, [...path, index]))
  return Predicate.isObject(value)
    ? Object.entries(value).flatMap(([key, item]) => checkPlaceholders(item, [...path, key]))
    : []
}

const checkTypes = ({ samples }: Samples): ReadonlyArray<LocatedIssue> =>
  samples.flatMap(({ type }, index) =>
    samples.findIndex((one) => one.type === type) === index
      ? []
      : [{ path: ["samples", index, "type"], message: `there already is a sample of ${type}` }],
  )

/** The first label that one with `{{number}}` stands for. */
const firstOf = (label: string): string =>
  label.replaceAll(placeholder, (whole, name: string) => (name === "number" ? "0" : whole))

/** A resource may refer to what comes before it in `setup`, and to nothing else. */
const checkReferences = ({ samples, setup = [] }: Samples): ReadonlyArray<LocatedIssue> => {
  const wrong = (properties: Properties, path: ReadonlyArray<PropertyKey>, known: ReadonlyArray<string>) =>
    findReferences(properties).flatMap((found): ReadonlyArray<LocatedIssue> => {
      const at = [...path, ...found.at]
      if ("reason" in found) return [{ path: at, message: found.reason }]
      if (!isReference(found)) return [{ path: at, message: `samples have no ${found.word} to refer to` }]
      return known.includes(firstOf(found.label))
        ? []
        : [{ path: at, message: `there is no resource ${found.label} in setup to refer to, or not before this one` }]
    })
  const labels = setup.map(({ label }) => label)
  return [
    ...setup.flatMap(({ label, properties }, index) => [
      ...(labels.indexOf(label) === index
        ? []
        : [{ path: ["setup", index, "label"], message: `the label ${label} is taken` }]),
      ...wrong(properties, ["setup", index, "properties"], labels.slice(0, index)),
    ]),
    ...samples.flatMap((sample, index) =>
      (["properties", "update", "createOnly"] as const).flatMap((part) =>
        wrong(sample[part] ?? {}, ["samples", index, part], labels),
      ),
    ),
  ]
}
