/** The name under which a command runs: it is decided with the document's place, and remembered with it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { StateError } from "../records/StateError.ts"
import { Documents } from "../records/Documents.ts"
import type { DocumentConflict, DocumentSource } from "../records/DocumentSource.ts"
import { Note } from "./Note.ts"

interface Entered {
  /** The name of the forma in the state. */
  readonly name: string
  readonly notes: ReadonlyArray<Note>
}

/** Each method fails with `DocumentConflict` where the document cannot be told from another one. */
export class DocumentEntry extends Context.Service<
  DocumentEntry,
  {
    /** The name that the state has for the document now. Until a name is adopted, it is the earlier one. */
    readonly look: (
      forma: string,
      source: DocumentSource | undefined,
    ) => Effect.Effect<Entered, DocumentConflict | StateError>
    /** Gives all that has the name which 0.1.0 used the name of the document. */
    readonly adopt: (earlierName: string, forma: string, source: DocumentSource) => Effect.Effect<void, StateError>
    /** Remembers where the document came from, as its command begins. */
    readonly remember: (forma: string, source: DocumentSource | undefined) => Effect.Effect<void, StateError>
  }
>()("formae/agent/commands/DocumentEntry") {
  static readonly layerNoDeps: Layer.Layer<DocumentEntry, never, Documents> = Layer.effect(
    DocumentEntry,
    Effect.gen(function* () {
      const documents = yield* Documents

      const look = Effect.fnUntraced(function* (forma: string, source: DocumentSource | undefined) {
        const decision = source === undefined ? undefined : yield* documents.decide(forma, source)
        switch (decision?._tag) {
          case "Adopt": {
            const { earlierName } = decision
            return { name: earlierName, notes: [Note.cases.Adopted.make({ forma, earlierName })] }
          }
          case "Moved":
            return { name: forma, notes: [Note.cases.Moved.make({ forma, from: decision.from })] }
          default:
            return { name: forma, notes: [] }
        }
      })

      return DocumentEntry.of({
        look,
        adopt: documents.adopt,
        remember: (forma, source) => (source === undefined ? Effect.void : documents.remember(forma, source)),
      })
    }),
  )
}
