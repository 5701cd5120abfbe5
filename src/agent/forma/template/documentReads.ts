/** What a document and its parts read from outside: variables of the environment, and files. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import { type DocumentText, locatedText } from "../joinDocuments.ts"
import type { DocumentInputs, DocumentReads, PartTargets } from "./DocumentInputs.ts"
import { allDocuments, type LoadedDocument, type LoadedPart } from "./LoadedDocument.ts"
import { loadDocument } from "./loadParts.ts"
import { findNeeds } from "./Needs.ts"
import { isLookedUp } from "./Parameter.ts"
import { filesIn } from "./readFiles.ts"
import { targetParameters } from "./targetParameters.ts"
import { asSecret } from "./textOfValue.ts"

const unique = (names: ReadonlyArray<string>) => [...new Set(names)].toSorted()

const defaultsIn = (declared: unknown) =>
  isRecord(declared)
    ? Object.values(declared).flatMap((one) =>
        isRecord(one) && isLookedUp(one["default"]) ? findNeeds(one["default"]).needs : [],
      )
    : []

const variablesIn = ({ declared, needs }: LoadedDocument): ReadonlyArray<string> =>
  [...needs, ...defaultsIn(declared)].flatMap(({ placeholder }) =>
    placeholder._tag === "Env" ? [placeholder.name] : [],
  )

/** What a part is given of what its targets are made of. */
const givenToTargets = ({ document: { content, declared }, use: { parameters } }: LoadedPart) =>
  Object.fromEntries(
    findNeeds(content["targets"]).needs.flatMap(({ placeholder }) => {
      if (placeholder._tag !== "Param") return []
      const { name } = placeholder
      const value = parameters[name] ?? null
      const said = isRecord(declared) ? declared[name] : undefined
      return [[name, isRecord(said) && said["secret"] === true ? asSecret(value) : value]]
    }),
  )

const targetsOfParts = ({ parts }: LoadedDocument, user: ReadonlyArray<string> = []): ReadonlyArray<PartTargets> =>
  parts.flatMap((part) => {
    const { document, use } = part
    const name = [...user, use.name]
    const targets = document.content["targets"]
    const own = { name: name.join("."), document: use.document, targets, parameters: givenToTargets(part) }
    return [...(targets === undefined ? [] : [own]), ...targetsOfParts(document, name)]
  })

/** The defaults that count in the targets: those of the parts have the file in their names. */
const defaultsOfTargets = (all: ReadonlyArray<LoadedDocument>, targets: unknown) =>
  Object.fromEntries(
    all.flatMap(({ declared, file }) =>
      Object.entries(targetParameters(targets, declared)).map(([name, value]) => [
        file === undefined ? name : `${file}: ${name}`,
        value,
      ]),
    ),
  )

/** Undefined where it reads nothing, and declares no parameters. */
export const readsIn = (document: LoadedDocument): DocumentReads | undefined => {
  const all = allDocuments(document)
  const variables = unique(all.flatMap(variablesIn))
  const files = unique(all.flatMap(filesIn))
  const declared = isRecord(document.declared) ? Object.keys(document.declared) : []
  if (variables.length + files.length + declared.length === 0) return undefined
  const { targets } = document.content
  const parts = targetsOfParts(document)
  const allTargets = [targets, ...parts.map((part) => part.targets)]
  return { variables, files, targets, parts, declared, targetParameters: defaultsOfTargets(all, allTargets) }
}

/**
 * What the document in a text, or in several, reads, without reading it. Its parts
 * are read. Undefined where it reads nothing and declares no
 * parameters, or where it is no document.
 */
export const documentReads = Effect.fnUntraced(function* <E = never>(
  text: string | ReadonlyArray<DocumentText>,
  inputs: Pick<DocumentInputs<E>, "files" | "readDocument"> = {},
): Effect.fn.Return<DocumentReads | undefined, E> {
  const read = locatedText(text)
  if (Result.isFailure(read) || !isRecord(read.success.value)) return undefined
  const loaded = yield* loadDocument(read.success, inputs)
  return Result.isFailure(loaded) ? undefined : readsIn(loaded.success)
})
