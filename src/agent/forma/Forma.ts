/** The forma: wanted resources and their targets, under a name. */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { documentDecoder } from "./documentDecoder.ts"
import { FormaDocument, type FormaInvalid, Label } from "./FormaDocument.ts"

/** Wanted resources and their targets. `Forma.make` and `readForma` make one, and the agent checks it again. */
export interface Forma extends FormaDocument {
  readonly name: string
}

const NamedDocument = Schema.Struct({ ...FormaDocument.fields, name: Label })

/** What `Forma.make` takes: the content of a document, with a name. */
export type FormaInput = typeof NamedDocument.Encoded

/** Decodes and checks any value. Fails with everything that is wrong with it, each mistake with its path. */
export const decodeForma: (value: unknown) => Effect.Effect<Forma, FormaInvalid> = documentDecoder(NamedDocument)

export const Forma = {
  /**
   * Makes a forma in code. It is checked as a document is: shape, labels,
   * targets and references. Fails with `FormaInvalid`, which has each mistake
   * with its path. What only the plugins know is checked by the agent.
   */
  make: (input: FormaInput): Effect.Effect<Forma, FormaInvalid> => decodeForma(input),
}
