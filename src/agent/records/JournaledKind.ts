import * as Schema from "effect/Schema"

/** The operations that change resources. Reads are not in the journal. */
export const JournaledKind = Schema.Literals(["Create", "Update", "Delete"])
export type JournaledKind = typeof JournaledKind.Type | never
