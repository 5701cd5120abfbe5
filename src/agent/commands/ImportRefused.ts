import * as Schema from "effect/Schema"
import { type NativeId, ResourceType } from "../../protocol/Identity.ts"

/** A thing that exists, and the label that it is to have. */
export interface ThingToImport {
  /** Its label in the document. */
  readonly label: string
  /** Its resource type. */
  readonly type: ResourceType
  /** The id that the provider gave it. */
  readonly nativeId: NativeId
  /** The label of a target of the document. */
  readonly target: string
}

/**
 * Why a thing cannot be taken into a document.
 *
 * - `TargetUnknown`: the document has no such target for the plugin of the type.
 * - `TypeUnknown`: the plugin has no such type.
 * - `LabelInvalid`: the label cannot be one.
 * - `LabelTaken`: the document or the state has another resource with the label.
 * - `NotInDocument`: the document has no resource of that type with the label.
 * - `OwnedElsewhere`: it belongs to another label already.
 * - `NotAtProvider`: the provider has no such resource.
 * - `OperationOpen`: an operation on the label has not ended.
 * - `NamedTwice`: two of the things that were named are the same, or have one label.
 * - `NotWritable`: a value of it cannot be written into a document.
 * - `ReferenceUnknown`: the document has a reference in it whose value is not known.
 */
export const ImportReason = Schema.TaggedUnion({
  TargetUnknown: {
    /** The target that was named. */
    target: Schema.String,
    /** The targets of the document for the plugin of the type. */
    known: Schema.Array(Schema.String),
  },
  TypeUnknown: {
    /** The types of the plugin. */
    known: Schema.Array(ResourceType),
  },
  LabelInvalid: {
    /** What a label may be, as a sentence. */
    expected: Schema.String,
  },
  LabelTaken: {},
  NotInDocument: {},
  OwnedElsewhere: {
    /** The name of the forma that has it. */
    forma: Schema.String,
    /** Its label there. */
    label: Schema.String,
  },
  NotAtProvider: {},
  OperationOpen: {},
  NamedTwice: {},
  NotWritable: {
    /** The property. */
    property: Schema.String,
  },
  ReferenceUnknown: {
    /** The properties whose values are not known. */
    properties: Schema.Array(Schema.String),
  },
})
export type ImportReason = typeof ImportReason.Type | never

/** Something cannot be taken into a document. Nothing was changed. */
export class ImportRefused extends Schema.TaggedError<ImportRefused>("formae/agent/commands/ImportRefused")(
  "ImportRefused",
  {
    /** The label that it should have. */
    label: Schema.String,
    /** Its resource type. */
    type: Schema.String,
    /** The id that the provider gave it. */
    nativeId: Schema.String,
    /** Why not, as data. */
    reason: ImportReason,
  },
) {
  // Inferred from the schema, the type would be written out instead of named.
  /** Why not, as data. */
  declare readonly reason: ImportReason

  override get message(): string {
    const { label, nativeId, reason, type } = this
    return `${type} ${nativeId} cannot be imported as ${label}: ${sentenceOf(reason)}. Nothing was changed`
  }
}

const sentenceOf = (reason: ImportReason): string => {
  switch (reason._tag) {
    case "TargetUnknown":
      return reason.known.length === 0
        ? `the document has no target of its plugin`
        : `the document has no target ${reason.target} of its plugin; it has: ${reason.known.join(", ")}`
    case "TypeUnknown":
      return `its plugin does not have the type; it has: ${reason.known.join(", ")}`
    case "LabelInvalid":
      return reason.expected
    case "LabelTaken":
      return "another resource of the document has that label"
    case "NotInDocument":
      return "the document has no resource of that type with this label"
    case "OwnedElsewhere":
      return `it belongs to ${reason.forma}/${reason.label}`
    case "NotAtProvider":
      return "the provider has no such resource there"
    case "OperationOpen":
      return "an operation on that label has not ended"
    case "NamedTwice":
      return "it, or its label, was named twice"
    case "NotWritable":
      return `its property ${reason.property} has a key such as $ref, which stands for something else in a document`
    case "ReferenceUnknown":
      return `the document refers to something that is not known yet in: ${reason.properties.join(", ")}`
  }
}
