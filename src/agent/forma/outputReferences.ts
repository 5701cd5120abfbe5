/** References to the outputs of other documents: `{ $output: network.vpcId }`, and `${output.network.vpcId}` in a text. */
import type { FormaDocument, FormaIssue } from "./FormaDocument.ts"
import { findReferences } from "./References.ts"

/** An output of a document. */
export interface OutputName {
  readonly document: string
  readonly name: string
}

/** Splits `network.vpcId`. The name of a document may have dots, that of an output has none. */
export const outputNameOf = (names: ReadonlyArray<string>): OutputName => ({
  document: names.slice(0, -1).join("."),
  name: names.at(-1) ?? "",
})

/** The values of a forma that may stand for something else: those of its resources, and its outputs, each with its path. */
export const valuesOf = ({ outputs, resources }: Pick<FormaDocument, "outputs" | "resources">) => [
  ...resources.flatMap(({ properties }, index) =>
    properties === undefined ? [] : [{ value: properties, path: ["resources", index, "properties"] }],
  ),
  ...(outputs === undefined ? [] : [{ value: outputs, path: ["outputs"] }]),
]

/** The reserved references of a forma that begin with a word, with their paths. */
export const reservedIn = (
  forma: Pick<FormaDocument, "outputs" | "resources">,
  word: string,
): ReadonlyArray<{
  readonly names: ReadonlyArray<string>
  readonly path: FormaIssue["path"]
  readonly inText?: true | undefined
}> =>
  valuesOf(forma).flatMap(({ path, value }) =>
    findReferences(value).flatMap((found) =>
      "word" in found && found.word === word
        ? [{ names: found.names, path: [...path, ...found.at], inText: found.inText }]
        : [],
    ),
  )

/** The documents whose outputs a forma uses, each once. */
export const documentsUsedBy = (forma: Pick<FormaDocument, "outputs" | "resources">): ReadonlyArray<string> => [
  ...new Set(reservedIn(forma, "output").map(({ names }) => outputNameOf(names).document)),
]

/** The forma with its resources' properties and its outputs changed by `change`. */
export const mapValues = <Document extends FormaDocument>(
  forma: Document,
  change: (value: NonNullable<FormaDocument["outputs"]>) => NonNullable<FormaDocument["outputs"]>,
): Document => ({
  ...forma,
  resources: forma.resources.map((resource) =>
    resource.properties === undefined ? resource : { ...resource, properties: change(resource.properties) },
  ),
  ...(forma.outputs === undefined ? {} : { outputs: change(forma.outputs) }),
})
