/** The name of a document, given by itself or by its file. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { readDocumentName } from "../DocumentFile.ts"

/** A text that is not a file is a name. */
export const documentNameOf = Effect.fnUntraced(function* (text: string) {
  const fs = yield* FileSystem.FileSystem
  const isFile = yield* Effect.match(fs.stat(text), {
    onFailure: () => /\/|\.(ya?ml|json)$/i.test(text),
    // A folder is a document too. By its name alone, it is taken for the name of one, which is the same.
    onSuccess: ({ type }) => type !== "Directory" || text.includes("/"),
  })
  return isFile ? yield* readDocumentName(text) : text.normalize("NFC")
})
