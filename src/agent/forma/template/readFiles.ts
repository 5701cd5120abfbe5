/** Reads the files that a document puts in, each once. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { type DocumentInputs, FileRefused } from "./DocumentInputs.ts"
import type { Need } from "./Needs.ts"

/** The texts by path, or why there is none. */
export type FileTexts = ReadonlyMap<string, Result.Result<string, string>>

const noFolder = "a document that has no folder cannot have files put into it"

export const readFiles = Effect.fnUntraced(function* <E>(
  { readFile }: DocumentInputs<E>,
  needs: ReadonlyArray<Need>,
): Effect.fn.Return<FileTexts, E> {
  const texts = new Map<string, Result.Result<string, string>>()
  for (const { placeholder } of needs) {
    if (placeholder._tag !== "File" || texts.has(placeholder.path)) continue
    const { path } = placeholder
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

const isRefused = <E>(error: E | FileRefused): error is FileRefused => Predicate.isTagged(error, "FileRefused")
