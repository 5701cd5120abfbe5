/**
 * `formae-samples.yaml` or `.json` in a plugin's folder: what the kit makes of
 * each resource type. In each text `{{unique}}` stands for a lower-case word
 * that no other resource of any run has, and `{{number}}` for a number that no
 * other resource of the type has in a run: 0, 1 and so on, of which those from
 * 4 on are never made. `{{folder}}` is a folder that is there as long as the run.
 * `{ $ref: label.Property }` stands for a property of a resource of `setup`, as
 * in a forma; with `{{number}}` in the label, each has one of its own.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { formatPlaced, type PlacedIssue, placeIssues, readText, start } from "../../../agent/resources/LocatedText.ts"
import { findReferences, isReference } from "../../../agent/resources/References.ts"
import { ResourceType } from "../../../protocol/Identity.ts"
import { type LocatedIssue, locateIssues } from "../../../protocol/Issue.ts"
import { Properties, TargetConfig } from "../../../protocol/Resource.ts"

/** A resource that samples refer to: made before them, and deleted after them. */
const SetupResource = Schema.Struct({
  label: Schema.NonEmptyString,
  type: ResourceType,
  target: Schema.optionalKey(TargetConfig),
  properties: Properties,
})

export const Sample = Schema.Struct({
  type: ResourceType,
  /** In the place of the `target` of the document. */
  target: Schema.optionalKey(TargetConfig),
  properties: Properties,
  /** What an update in place changes: put over `properties`, where a null takes one away. */
  update: Schema.optionalKey(Properties),
  /** A change of what can only be set at create: put over `properties`. */
  createOnly: Schema.optionalKey(Properties),
  /** What makes a create of it last for 10 s or longer, put over the target and the properties: so that there is a call in flight. */
  slow: Schema.optionalKey(
    Schema.Struct({ target: Schema.optionalKey(TargetConfig), properties: Schema.optionalKey(Properties) }),
  ),
})
export type Sample = typeof Sample.Type

export const Samples = Schema.Struct({
  /** The plugin's own settings, for each of its handshakes. */
  config: Schema.optionalKey(Schema.JsonObject),
  /** The config of the target of all that says no other. */
  target: Schema.optionalKey(TargetConfig),
  setup: Schema.optionalKey(Schema.Array(SetupResource)),
  samples: Schema.Array(Sample),
})
export type Samples = typeof Samples.Type

/** The samples can not be used. Nothing was done. */
export class SamplesInvalid extends Data.TaggedError("SamplesInvalid")<{
  readonly file: string
  readonly issues: ReadonlyArray<PlacedIssue>
}> {
  override get message(): string {
    return this.issues.map((issue) => formatPlaced(issue, this.file)).join("\n")
  }
}

export const samplesFiles = ["formae-samples.yaml", "formae-samples.json"] as const

const decode = Schema.decodeUnknownEffect(Samples, { onExcessProperty: "error", errors: "all" })

/** The samples in a text, or what is wrong with them and where. */
export const readSamples = Effect.fnUntraced(function* (
  text: string,
  file: string,
): Effect.fn.Return<Samples, SamplesInvalid> {
  const invalid = (issues: ReadonlyArray<PlacedIssue>) => new SamplesInvalid({ file, issues })
  const { locate, value } = yield* Effect.mapError(Effect.fromResult(readText(text)), ({ message, position }) =>
    invalid([{ path: [], message, ...position }]),
  )
  if (value === null) return yield* invalid([{ path: [], message: "the file is empty; it needs samples", ...start }])
  const samples = yield* Effect.mapError(decode(value), ({ issue }) =>
    invalid(placeIssues(locateIssues(issue), locate)),
  )
  const issues = [...checkPlaceholders(value, []), ...checkTypes(samples), ...checkReferences(samples)]
  if (issues.length > 0) return yield* invalid(placeIssues(issues, locate))
  return samples
})

/** The samples of the plugin in a folder; undefined where it has none. */
export const findSamples = Effect.fnUntraced(function* (
  directory: string,
): Effect.fn.Return<Samples | undefined, SamplesInvalid, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const name of samplesFiles) {
    const file = path.join(directory, name)
    const text = yield* Effect.result(fs.readFileString(file))
    if (text._tag === "Success") return yield* readSamples(text.success, file)
    if (text.failure.reason._tag !== "NotFound") {
      return yield* new SamplesInvalid({
        file,
        issues: [{ path: [], message: `it can not be read: ${text.failure.message}` }],
      })
    }
  }
  return undefined
})

export const placeholder = /\{\{\s*(\w*)\s*\}\}/g
const placeholders = ["unique", "number", "folder"] as const
export type Placeholder = (typeof placeholders)[number]

export const isPlaceholder = (name: string): name is Placeholder => placeholders.some((known) => known === name)

const known = placeholders.map((name) => `{{${name}}}`).join(", ")

const checkPlaceholders = (value: unknown, path: ReadonlyArray<PropertyKey>): ReadonlyArray<LocatedIssue> => {
  if (typeof value === "string") {
    return [...value.matchAll(placeholder)].flatMap(([, name = ""]) =>
      isPlaceholder(name) ? [] : [{ path, message: `there is no {{${name}}}; known are: ${known}` }],
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
      : [{ path: ["samples", index, "type"], message: `there is a sample of ${type} already` }],
  )

/** The first of what a label with `{{number}}` in it stands for. */
const firstOf = (label: string): string =>
  label.replaceAll(placeholder, (whole, name: string) => (name === "number" ? "0" : whole))

/** To what stands before it in `setup`, and to nothing else. */
const checkReferences = ({ samples, setup = [] }: Samples): ReadonlyArray<LocatedIssue> => {
  const wrong = (properties: Properties, path: ReadonlyArray<PropertyKey>, known: ReadonlyArray<string>) =>
    findReferences(properties).flatMap((found): ReadonlyArray<LocatedIssue> => {
      const at = [...path, ...found.at]
      if (!isReference(found)) return [{ path: at, message: found.reason }]
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
