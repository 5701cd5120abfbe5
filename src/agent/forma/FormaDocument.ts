/** The document of a forma: wanted resources and their targets, as the author writes them. */
import * as Schema from "effect/Schema"
import { Namespace, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { TargetConfig } from "../../protocol/Resource.ts"

/** A name in a forma. No dots, because a reference is `label.Property`. */
export const Label = Schema.String.check(
  Schema.isPattern(/^[A-Za-z_][A-Za-z0-9_-]*$/, {
    message: "Expected a name of letters, digits, dashes and underscores that does not begin with a digit",
  }),
)

export const FormaTarget = Schema.Struct({
  namespace: Namespace,
  config: Schema.optionalKey(TargetConfig),
})
export type FormaTarget = typeof FormaTarget.Type

export const FormaResource = Schema.Struct({
  label: Label,
  type: ResourceType,
  /** The key of one of the targets. */
  target: Schema.String,
  properties: Schema.optionalKey(JsonObject),
})
export type FormaResource = typeof FormaResource.Type

export const FormaDocument = Schema.Struct({
  /**
   * Whose resources these are: what an earlier document of the same name made
   * and this one does not want is deleted. The file's name, where it is not given.
   */
  name: Schema.optionalKey(Label),
  targets: Schema.Record(Schema.String, FormaTarget).check(Schema.isPropertyNames(Label)),
  resources: Schema.Array(FormaResource),
})
export type FormaDocument = typeof FormaDocument.Type

/** Something that is wrong in a forma, and where. */
export interface FormaIssue {
  /** The way to the place in the document: `["resources", 2, "target"]`. */
  readonly path: ReadonlyArray<string | number>
  readonly message: string
}

/** The forma can not be applied. Nothing was done. */
export class FormaInvalid extends Schema.TaggedError<FormaInvalid>("formae/agent/forma/FormaInvalid")("FormaInvalid", {
  issues: Schema.Array(
    Schema.Struct({ path: Schema.Array(Schema.Union([Schema.String, Schema.Int])), message: Schema.String }),
  ),
}) {
  override get message(): string {
    return this.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n")
  }
}
