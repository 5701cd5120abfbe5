/** What formae can complete in a command line besides its own words: names that the state or a document has. */

/** A kind of names. `openLabels` have an open operation; `documentLabels` are in the document of the command line. */
export type Completable =
  | "documentLabels"
  | "documents"
  | "environments"
  | "labels"
  | "openLabels"
  | "outputs"
  | "types"

/** By command, what each of its arguments is. One that is null, or none, is no such name. */
export const argumentsOf: ReadonlyMap<string, ReadonlyArray<Completable | null>> = new Map([
  ["adopt", ["openLabels"]],
  ["forget", ["openLabels"]],
  ["mv", ["labels"]],
  ["output", ["outputs"]],
  ["resume", ["documents"]],
  ["show", ["labels"]],
  ["types", ["types"]],
])

/** By flag, what its value is. */
export const flagsOf: ReadonlyMap<string, Completable> = new Map([
  ["--env", "environments"],
  ["--forma", "documents"],
  ["--name", "documents"],
  ["--only", "documentLabels"],
])
