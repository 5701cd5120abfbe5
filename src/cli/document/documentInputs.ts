/** What a document is given by a user of the command, and what it may read. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type * as Stdio from "effect/Stdio"
import type * as Terminal from "effect/Terminal"
import { type DocumentInputs, HostEnvironment } from "../../agent/index.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import { piped } from "../trust/documentSupply.ts"
import { requireDocumentTrust } from "../trust/requireDocumentTrust.ts"
import type { Trust } from "../trust/Trust.ts"
import { askParameters } from "./askParameters.ts"
import type { DocumentFlags } from "./documentFlags.ts"
import { documentReader, fileReader } from "./documentFolder.ts"
import type { FoundText } from "./documentText.ts"
import { givenParameters } from "./givenParameters.ts"

/** What is needed to give a document its inputs. */
export type InputServices = FileSystem.FileSystem | Path.Path | Stdio.Stdio | Terminal.Terminal | Trust

/** A document that has no folder has nothing put in from files. */
export const documentInputs = Effect.fnUntraced(function* (
  { files, folder, place, shown }: FoundText,
  flags: DocumentFlags,
): Effect.fn.Return<DocumentInputs<CommandFailure>, CommandFailure, InputServices> {
  const fs = yield* FileSystem.FileSystem
  const environment = yield* HostEnvironment
  const context = yield* Effect.context<InputServices>()
  const given = yield* givenParameters(flags, folder)
  const here = folder ?? (yield* Effect.orDie(fs.realPath(".")))
  const readers =
    folder === undefined ? undefined : { file: fileReader(folder), document: documentReader(folder, shown) }
  return {
    given: (declared) => Effect.succeed(given(declared)),
    ask: (missing) => Effect.provideContext(askParameters(missing), context),
    variable: (name) => environment[name],
    permit: (reads) => Effect.provideContext(requireDocumentTrust(place ?? piped, here, reads, flags.trust), context),
    files,
    ...(readers === undefined
      ? {}
      : {
          readFile: (name: string) => Effect.provideContext(readers.file(name), context),
          readDocument: (name: string) => Effect.provideContext(readers.document(name), context),
        }),
  }
})
