/** Documents that use others, for tests. */
import * as Effect from "effect/Effect"
import { posix } from "node:path"
import { readForma } from "../../../../src/agent/forma/FormaText.ts"
import {
  type DocumentInputs,
  FileRefused,
  type FoundDocument,
} from "../../../../src/agent/forma/template/DocumentInputs.ts"

type Files = Readonly<Record<string, string>>

const refused = (path: string) => Effect.fail(new FileRefused({ reason: `the file ${path} is gone` }))

/** What a document is given that is one of these files, by their paths. */
export const inputsOf = (files: Files): DocumentInputs => {
  const textOf = (path: string) => files[posix.normalize(path)]
  return {
    files: ["app.yaml"],
    readFile: (path) => {
      const text = textOf(path)
      return text === undefined ? refused(path) : Effect.succeed(text)
    },
    readDocument: (written): Effect.Effect<FoundDocument, FileRefused> => {
      const path = posix.normalize(written)
      const text = textOf(path)
      return text === undefined ? refused(path) : Effect.succeed({ path, file: path, text })
    },
  }
}

/** The forma of `app.yaml`. */
export const readApp = (files: Files, inputs: DocumentInputs = {}) =>
  Effect.map(readForma(files["app.yaml"] ?? "", "app", { ...inputsOf(files), ...inputs }), ({ forma, locate }) => ({
    forma,
    locate,
  }))

/** What is wrong with `app.yaml` or its parts, each mistake with its position. */
export const mistakesInApp = (files: Files, inputs: DocumentInputs = {}) =>
  Effect.map(Effect.flip(readApp(files, inputs)), ({ message }) => message.split("\n"))
