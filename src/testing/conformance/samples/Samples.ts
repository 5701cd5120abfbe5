import * as Data from "effect/Data"
import * as Schema from "effect/Schema"
import { formatPlaced, type PlacedIssue } from "../../../agent/forma/LocatedText.ts"
import { ResourceType } from "../../../protocol/Identity.ts"
import { Properties, TargetConfig } from "../../../protocol/Resource.ts"
import { FailingSample, SampleChange } from "./Failing.ts"

/** A resource that samples refer to. It is made before them, and deleted after them. */
export class SetupResource extends Schema.Opaque<SetupResource>()(
  Schema.Struct({
    /** The name by which samples refer to it. */
    label: Schema.NonEmptyString,
    /** The resource type. */
    type: ResourceType,
    /** In place of the `target` of the document. */
    target: Schema.optionalKey(TargetConfig),
    /** Its properties. */
    properties: Properties,
  }),
) {}

/** What the kit makes of one resource type, and how it changes it. */
export class Sample extends Schema.Opaque<Sample>()(
  Schema.Struct({
    /** The resource type. */
    type: ResourceType,
    /** In place of the `target` of the document. */
    target: Schema.optionalKey(TargetConfig),
    /** The properties that it is made with. */
    properties: Properties,
    /** What an update in place changes: put over `properties`, where a null removes a property. */
    update: Schema.optionalKey(Properties),
    /** A change that needs a new resource: put over `properties`. */
    createOnly: Schema.optionalKey(Properties),
    /** What makes a create last for 10 s or longer, so that a call is in flight: put over the target and the properties. */
    slow: Schema.optionalKey(SampleChange),
    /** What makes the provider fail, for the checks of retries, polls and time limits. Without it they are skipped. */
    failing: Schema.optionalKey(FailingSample),
  }),
) {}

/**
 * The content of `formae-samples.yaml` or `formae-samples.json` in a plugin's
 * folder: what the kit makes of each resource type.
 *
 * In each text `{{unique}}` stands for a lower-case word that no other resource
 * of any run has, and `{{number}}` for a number that no other resource of the
 * type has in a run: 0, 1 and so on. Resources with a number from 4 on are never
 * made. `{{folder}}` is a folder that exists until the run ends.
 * `{ $ref: label.Property }` stands for a property of a resource of `setup`, as
 * in a document; with `{{number}}` in the label, each has one of its own.
 */
export class Samples extends Schema.Opaque<Samples>()(
  Schema.Struct({
    /** The plugin's own settings, sent in each handshake. */
    config: Schema.optionalKey(Schema.JsonObject),
    /** The target config of each resource that has no `target` of its own. */
    target: Schema.optionalKey(TargetConfig),
    /** Resources that samples refer to. Made before them, in this order. */
    setup: Schema.optionalKey(Schema.Array(SetupResource)),
    /** One for each resource type, or for some of them. */
    samples: Schema.Array(Sample),
  }),
) {}

/** The samples cannot be used. Nothing was done. `message` has a line for each issue, with its place. */
export class SamplesInvalid extends Data.TaggedError("SamplesInvalid")<{
  /** The file that has them. */
  readonly file: string
  /** Each mistake, with its position. */
  readonly issues: ReadonlyArray<PlacedIssue>
}> {
  override get message(): string {
    return this.issues.map((issue) => formatPlaced(issue, this.file)).join("\n")
  }
}
