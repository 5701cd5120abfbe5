import * as Schema from "effect/Schema"

/** The operations that change resources, and `Import`: a resource that existed was taken into a document. Reads are not in the journal. */
export const JournaledKind = Schema.Literals(["Create", "Update", "Delete", "Import"])
export type JournaledKind = typeof JournaledKind.Type | never
