/** The document of a forma: the wanted resources and their targets, as its author writes them. */
import * as Schema from "effect/Schema"
import { Namespace, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { TargetConfig } from "../../protocol/Resource.ts"
import { maxCharacters } from "../../protocol/Text.ts"
import { FormaName } from "./FormaName.ts"

/** A name in a forma. It has no dots, because a reference is `label.Property`. */
export const Label = Schema.String.check(
  Schema.isPattern(/^[A-Za-z_][A-Za-z0-9_-]*$/, {
    message:
      "Expected a name of letters, digits, dashes and underscores that does not begin with a digit, such as web-1",
  }),
  maxCharacters(1_024),
)

/**
 * What is done where a resource drifts, which is that a value which a document
 * has set was changed elsewhere, or that the resource was deleted elsewhere.
 *
 * - `report`, as if nothing is said: it is reported, and the next apply sets it
 *   back.
 * - `repair`: a sync that is to repair sets it back, as those of an agent that
 *   looks for drift are.
 * - `ask`: nothing sets it back but an apply that was told to.
 */
export const DriftPolicy = Schema.Literals(["report", "repair", "ask"])
export type DriftPolicy = typeof DriftPolicy.Type | never

/** Where resources live, and how they are reached. */
export class FormaTarget extends Schema.Opaque<FormaTarget>()(
  Schema.Struct({
    /** The plugin that serves it, by its namespace. */
    namespace: Namespace,
    /** Region, account, endpoint and so on, as the plugin declares them. */
    config: Schema.optionalKey(TargetConfig),
    /** What is done where its resources drift, if they do not say it themselves. */
    drift: Schema.optionalKey(DriftPolicy),
  }),
) {}

/** One wanted resource. */
export class FormaResource extends Schema.Opaque<FormaResource>()(
  Schema.Struct({
    /** Its name in the document, by which others refer to it. */
    label: Label,
    /** The resource type, such as `AWS::S3::Bucket`. */
    type: ResourceType,
    /** The key of one of the targets. */
    target: Schema.String,
    /**
     * The wanted properties. `{ $ref: "label.Property" }` stands for an attribute of
     * another resource, `{ $text: "a-${label.Property}" }` for a text with one in it,
     * `{ $output: "document.name" }` for an output of another document, and
     * `{ $secret: VALUE }` for a value that must not be shown.
     */
    properties: Schema.optionalKey(JsonObject),
    /**
     * The labels of resources that must exist before it, and be deleted after it,
     * besides those that it refers to.
     */
    dependsOn: Schema.optionalKey(Schema.Array(Label)),
    /**
     * Whether it may be neither deleted nor replaced. The state remembers it: it
     * holds until an apply without it, also if the resource is taken out of the
     * document.
     */
    protect: Schema.optionalKey(Schema.Boolean),
    /**
     * What is done with it when the document no longer wants it, is destroyed, or
     * replaces it: `retain` leaves it where it is, and formae forgets it. So its
     * replacement is created first, as with `createFirst`.
     */
    onRemove: Schema.optionalKey(Schema.Literals(["delete", "retain"])),
    /**
     * What others change on purpose: properties, by name, or places in them, as
     * JSON Pointers. They are sent with a create, and never compared or changed.
     */
    ignore: Schema.optionalKey(Schema.Array(Schema.String)),
    /**
     * How it is replaced: `createFirst` creates the new one, updates what refers to
     * it, and deletes the old one then. Refused where both would have one name.
     */
    replace: Schema.optionalKey(Schema.Literals(["deleteFirst", "createFirst"])),
    /** What is done where it drifts. As its target says it if it is left out. */
    drift: Schema.optionalKey(DriftPolicy),
  }),
) {}

/** A label that was renamed in the document. The resource stays what it is. */
export class MovedLabel extends Schema.Opaque<MovedLabel>()(
  Schema.Struct({
    /** The label that it had. */
    from: Label,
    /** The label that it has in this document. */
    to: Label,
  }),
) {}

/** The content of a document. */
export class FormaDocument extends Schema.Opaque<FormaDocument>()(
  Schema.Struct({
    /**
     * The owner of the resources: a resource that an earlier document of the same
     * name has created and this one does not want is deleted. By default the name
     * of the file.
     */
    name: Schema.optionalKey(FormaName),
    /** Where resources live, by label. */
    targets: Schema.Record(Schema.String, FormaTarget).check(Schema.isPropertyNames(Label)),
    /** The wanted resources. Their order does not matter. */
    resources: Schema.Array(FormaResource),
    /**
     * The labels that were renamed, for resources whose native id the provider has
     * chosen: that such a resource is the same under its new label cannot be seen.
     */
    moved: Schema.optionalKey(Schema.Array(MovedLabel)),
    /**
     * Values by name that an apply gives: it prints them, the state keeps them, and
     * other documents use them as `{ $output: "document.name" }`. They may refer to
     * resources as properties do.
     */
    outputs: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json).check(Schema.isPropertyNames(Label))),
  }),
) {}

/** The fields of what has items of one shape, by the field of the document that it is in. */
const itemFields = new Map<string | number, object>([
  ["targets", FormaTarget.fields],
  ["resources", FormaResource.fields],
  ["moved", MovedLabel.fields],
])

/** The names of the fields that a document may have at a place. `parameters` and `use` are gone before it is decoded. */
export const documentFieldsAt = (path: ReadonlyArray<string | number>): ReadonlyArray<string> => {
  if (path.length === 0) return [...Object.keys(FormaDocument.fields), "parameters", "use"]
  return path.length === 2 ? Object.keys(itemFields.get(path[0] ?? "") ?? {}) : []
}

/** Something that is wrong in a forma, and where. */
export interface FormaIssue {
  /** The path to the place in the document, such as `["resources", 2, "target"]`. */
  readonly path: ReadonlyArray<string | number>
  /** What is wrong, as a sentence without values. */
  readonly message: string
  /** The resource type whose schema says so, if one does. */
  readonly type?: ResourceType
}

/** The forma cannot be applied. Nothing was done. */
export class FormaInvalid extends Schema.TaggedError<FormaInvalid>("formae/agent/forma/FormaInvalid")("FormaInvalid", {
  /** Each mistake, with its path, and the resource type whose schema says so, if one does. */
  issues: Schema.Array(
    Schema.Struct({
      path: Schema.Array(Schema.Union([Schema.String, Schema.Int])),
      message: Schema.String,
      type: Schema.optionalKey(ResourceType),
    }),
  ),
}) {
  override get message(): string {
    return this.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n")
  }
}
