/** The names that a document and its folder have, for completion. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import { locatedText } from "../../agent/forma/joinDocuments.ts"
import type { LoadedDocument } from "../../agent/forma/template/LoadedDocument.ts"
import { loadDocument } from "../../agent/forma/template/loadParts.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { documentReader } from "../document/documentFolder.ts"
import { readDocumentText } from "../document/documentText.ts"
import { isParametersFile } from "../document/parametersFile.ts"

const labelsIn = ({ content, parts }: LoadedDocument, prefix = ""): ReadonlyArray<string> => {
  const { resources } = content
  const own = (Array.isArray(resources) ? resources : []).flatMap((resource: unknown) => {
    const label = isRecord(resource) ? resource["label"] : undefined
    return typeof label === "string" ? [prefix + label] : []
  })
  return [...own, ...parts.flatMap(({ document, use }) => labelsIn(document, prefix + use.prefix))]
}

/** Whether it is there and can be read without waiting, as a pipe cannot. */
const isDocument = (file: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const { type } = yield* fs.stat(file)
    return type === "File" || type === "Directory"
  })

/** The labels of a document and its parts, as far as they are written down. No parameter, variable or file is put in. */
export const labelsOfDocument = Effect.fnUntraced(function* (file: string) {
  if (!(yield* isDocument(file))) return []
  const { files, folder, shown, text } = yield* readDocumentText(file)
  const source = locatedText(text)
  if (Result.isFailure(source)) return []
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const read = folder === undefined ? undefined : documentReader(folder, shown)
  const loaded = yield* loadDocument(source.success, {
    files,
    ...(read === undefined ? {} : { readDocument: (name: string) => Effect.provideContext(read(name), context) }),
  })
  return Result.isSuccess(loaded) ? labelsIn(loaded.success) : []
})

/** The environments beside a document, or in this folder where none is given. */
export const environmentsBeside = Effect.fnUntraced(function* (file: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const given = file ?? "."
  const { type } = yield* fs.stat(given)
  const names = yield* fs.readDirectory(type === "Directory" ? given : path.dirname(given))
  return names.filter(isParametersFile).map((name) => name.replace(/^parameters\./, "").replace(/\.[^.]+$/, ""))
})
