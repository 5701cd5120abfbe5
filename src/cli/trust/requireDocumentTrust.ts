/** Asks the gate before a document reads variables and files. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type { DocumentReads } from "../../agent/index.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import { documentSupply } from "./documentSupply.ts"
import { namedAsTrusted } from "./namedAsTrusted.ts"
import { Trust } from "./Trust.ts"
import { trustFailure } from "./trustFailure.ts"

/** Completes if the document may read what it does. `folder` is the real path of the one that it is in. */
export const requireDocumentTrust = Effect.fnUntraced(function* (
  document: string,
  folder: string,
  reads: DocumentReads,
  trusted: ReadonlyArray<string>,
): Effect.fn.Return<void, CommandFailure, FileSystem.FileSystem | Trust> {
  const trust = yield* Trust
  const isNamed = (yield* namedAsTrusted(trusted)).has(folder)
  const supplies = [documentSupply(document, reads)]
  yield* Effect.mapError(trust.require({ folder, supplies, isNamed }), trustFailure)
})
