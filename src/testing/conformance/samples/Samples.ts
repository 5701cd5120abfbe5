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
import * as Schema from "effect/Schema"
import { formatPlaced, type PlacedIssue } from "../../../agent/resources/LocatedText.ts"
import { ResourceType } from "../../../protocol/Identity.ts"
import { Properties, TargetConfig } from "../../../protocol/Resource.ts"

/** A resource that samples refer to: made before them, and deleted after them. */
export const SetupResource = Schema.Struct({
  label: Schema.NonEmptyString,
  type: ResourceType,
  target: Schema.optionalKey(TargetConfig),
  properties: Properties,
})
export type SetupResource = typeof SetupResource.Type

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
