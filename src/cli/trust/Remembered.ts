/** What is remembered of what a folder supplies, once it was trusted. */
import * as Schema from "effect/Schema"

/** What a folder can supply. A new kind needs a function that makes a `Supply` of it, and nothing else. */
export const SupplyKind = Schema.Literals(["plugin", "state", "document", "configuration"])
export type SupplyKind = typeof SupplyKind.Type

/** By name, what shows that a supply is the one that was trusted: for a plugin, the SHA-256 of each file; for a document, what it reads and the SHA-256 of its targets; for a configuration, the SHA-256 of its file. */
export const Sums = Schema.Record(Schema.String, Schema.String)
export type Sums = typeof Sums.Type

/** A supply that was trusted. */
export const Remembered = Schema.Struct({ kind: SupplyKind, path: Schema.String, sums: Sums })
export type Remembered = typeof Remembered.Type

/** How a supply stands to what is remembered. `changed` are the names whose sums differ. */
export type Standing =
  | { readonly _tag: "New" }
  | { readonly _tag: "Changed"; readonly changed: ReadonlyArray<string> }
  | { readonly _tag: "Trusted" }
