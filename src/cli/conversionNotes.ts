import * as Effect from "effect/Effect"
import { Note, Store } from "../agent/index.ts"

/** Says that the state was written by an earlier version, if it was. */
export const conversionNotes = Effect.map(Store.StateConversion, (conversion): ReadonlyArray<Note> =>
  conversion === undefined ? [] : [Note.cases.Converted.make(conversion)],
)
