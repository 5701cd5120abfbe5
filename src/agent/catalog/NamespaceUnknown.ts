import * as Schema from "effect/Schema"

/** No plugin of the catalog serves the namespace. */
export class NamespaceUnknown extends Schema.TaggedError<NamespaceUnknown>("formae/agent/catalog/NamespaceUnknown")(
  "NamespaceUnknown",
  {
    /** The namespace that was asked for. */
    namespace: Schema.String,
    /** The namespaces that are served. */
    known: Schema.Array(Schema.String),
    /** A plugin that serves it and was rejected, with the reason. */
    refused: Schema.optionalKey(Schema.String),
  },
) {
  override get message(): string {
    const known = this.known.length === 0 ? "none is known" : `known namespaces: ${this.known.join(", ")}`
    const refused = this.refused === undefined ? "" : `. One was found but rejected: ${this.refused}`
    return `No plugin serves the namespace ${this.namespace}; ${known}${refused}`
  }
}
