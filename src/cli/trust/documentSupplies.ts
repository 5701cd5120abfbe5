/** The documents of a folder that read variables or files, as what it supplies. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type * as Stdio from "effect/Stdio"
import { type DocumentReads, documentReads } from "../../agent/index.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { documentReader } from "../document/documentFolder.ts"
import { readDocumentText } from "../document/documentText.ts"
import { environmentValues } from "../document/parametersFile.ts"
import { documentSupply } from "./documentSupply.ts"
import type { Supply } from "./Supply.ts"

/** What is larger is certainly no document that somebody has written. */
const maxBytes = 16 * 1024 * 1024

/** `folder` is a real path. What cannot be read is not a document. */
export const documentSupplies = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<ReadonlyArray<Supply>, never, FileSystem.FileSystem | Path.Path | Stdio.Stdio> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* Effect.orElseSucceed(fs.readDirectory(folder), () => [])
  const found = yield* Effect.forEach(
    names.filter((name) => /\.(json|ya?ml)$/.test(name)).toSorted(),
    Effect.fnUntraced(
      function* (name) {
        const file = yield* fs.realPath(path.join(folder, name))
        const { size, type } = yield* fs.stat(file)
        // What a link leads to is in another folder, which is trusted by itself.
        if (path.dirname(file) !== folder) return []
        if (type !== "File" || size > BigInt(maxBytes)) return []
        const reads = yield* documentReads<never>(yield* fs.readFileString(file), {
          files: [path.basename(file)],
          readDocument: yield* readerOf(folder),
        })
        return reads === undefined ? [] : [documentSupply(file, reads, yield* targetValues(folder, reads))]
      },
      Effect.orElseSucceed((): ReadonlyArray<Supply> => []),
    ),
  )
  return [...found.flat(), ...(yield* folderSupply(folder))]
})

/** The folder as one document, if it may be one. */
const folderSupply = Effect.fnUntraced(function* (folder: string) {
  const read = yield* Effect.option(readDocumentText(folder))
  if (Option.isNone(read)) return []
  const { files, text } = read.value
  const reads = yield* documentReads<never>(text, { files, readDocument: yield* readerOf(folder) })
  return reads === undefined ? [] : [documentSupply(folder, reads, yield* targetValues(folder, reads))]
})

/** Reads the parts of a document in a folder. */
const readerOf = Effect.fnUntraced(function* (folder: string) {
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const read = documentReader(folder, folder)
  return (name: string) => Effect.provideContext(read(name), context)
})

/** What the environments beside a document give to the parameters in its targets. */
export const targetValues = (folder: string, { targetParameters }: Pick<DocumentReads, "targetParameters">) =>
  environmentValues(
    folder,
    new Map(
      Object.entries(targetParameters).map(([name, value]) => [
        name,
        isRecord(value) && Object.hasOwn(value, "$secret"),
      ]),
    ),
  )
