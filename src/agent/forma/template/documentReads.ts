/** What a document and its parts read from outside: variables of the environment, and files. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import { type DocumentText, locatedText } from "../joinDocuments.ts"
import type { DocumentInputs, DocumentReads } from "./DocumentInputs.ts"
import { allDocuments, type LoadedDocument } from "./LoadedDocument.ts"
import { loadDocument } from "./loadParts.ts"
import { findNeeds } from "./Needs.ts"
import { isLookedUp } from "./Parameter.ts"
import { filesIn } from "./readFiles.ts"
import { targetParameters } from "./targetParameters.ts"

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
const givenToTargets = ({ document: { content }, use: { parameters } }: LoadedDocument["parts"][number]) =>
  Object.fromEntries(
    findNeeds(content["targets"]).needs.flatMap(({ placeholder }) =>
      placeholder._tag === "Param" ? [[placeholder.name, parameters[placeholder.name] ?? null]] : [],
    ),
  )

/** A document without parts has just its targets. */
const targetsIn = ({ content, parts }: LoadedDocument): unknown =>
  parts.length === 0
    ? content["targets"]
    : [
        content["targets"] ?? null,
        ...parts.map((part) => [part.use.document, targetsIn(part.document) ?? null, givenToTargets(part)]),
      ]

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
  const targets = targetsIn(document)
  return { variables, files, targets, declared, targetParameters: defaultsOfTargets(all, targets) }
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
