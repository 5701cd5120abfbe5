/** Asks the gate before a document reads variables and files, or is given variables as its parameters. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import { type DocumentReads, HostEnvironment } from "../../agent/index.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import { targetValues } from "./documentSupplies.ts"
import { documentSupply, parameterVariables, piped } from "./documentSupply.ts"
import { namedAsTrusted } from "./namedAsTrusted.ts"
import { Trust } from "./Trust.ts"
import { trustFailure } from "./trustFailure.ts"

/** Completes if the document may read what it does. `folder` is the real path of the one that it is in. */
export const requireDocumentTrust = Effect.fnUntraced(function* (
  document: string,
  folder: string,
  reads: DocumentReads,
  trusted: ReadonlyArray<string>,
): Effect.fn.Return<void, CommandFailure, FileSystem.FileSystem | Path.Path | Trust> {
  const environment = yield* HostEnvironment
  const isGiven = parameterVariables(reads).some((name) => environment[name] !== undefined)
  if (reads.variables.length + reads.files.length === 0 && !isGiven) return
  const trust = yield* Trust
  const isNamed = (yield* namedAsTrusted(trusted)).has(folder)
  const supplies = [documentSupply(document, reads, document === piped ? {} : yield* targetValues(folder, reads))]
  yield* Effect.mapError(trust.require({ folder, supplies, isNamed }), trustFailure)
})
