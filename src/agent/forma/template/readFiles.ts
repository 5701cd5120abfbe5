/** Reads the files that a document and its parts put in, each once. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { type DocumentInputs, FileRefused } from "./DocumentInputs.ts"
import type { LoadedDocument } from "./LoadedDocument.ts"
import { pathFrom } from "./partPath.ts"

/** The texts by path, or why there is none. */
export type FileTexts = ReadonlyMap<string, Result.Result<string, string>>

const noFolder = "a document that has no folder cannot have files put into it; give it as a file"

export const readFiles = Effect.fnUntraced(function* <E>(
  { readFile }: DocumentInputs<E>,
  documents: ReadonlyArray<Pick<LoadedDocument, "folder" | "needs">>,
): Effect.fn.Return<FileTexts, E> {
  const texts = new Map<string, Result.Result<string, string>>()
  for (const path of documents.flatMap(filesIn)) {
    if (texts.has(path)) continue
    const read: Effect.Effect<string, FileRefused | E> =
      readFile === undefined ? Effect.fail(new FileRefused({ reason: noFolder })) : readFile(path)
    const text = read.pipe(
      Effect.map((found): Result.Result<string, string> => Result.succeed(found)),
      Effect.catchIf(isRefused, ({ reason }) => Effect.succeed(Result.fail(reason))),
    )
    texts.set(path, yield* text)
  }
  return texts
})

/** The files that a document itself puts in, by their paths from the folder of the whole. */
export const filesIn = ({ folder, needs }: Pick<LoadedDocument, "folder" | "needs">): ReadonlyArray<string> =>
  needs.flatMap(({ placeholder }) => (placeholder._tag === "File" ? [pathFrom(folder, placeholder.path)] : []))

const isRefused = <E>(error: E | FileRefused): error is FileRefused => Predicate.isTagged(error, "FileRefused")
