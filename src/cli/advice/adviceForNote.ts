/** What a user of the command can do about what a note says. */
import type { Note } from "../../agent/index.ts"
import { adviceForError } from "./adviceForError.ts"
import { shellWord } from "./shellWord.ts"

/** A sentence that follows the note, or an empty text. */
export const adviceForNote = (note: Note): string => {
  switch (note._tag) {
    case "Unfinished":
      return `"formae resume ${shellWord(note.forma)}" continues it`
    case "LeftOpen":
      return `"formae resume ${shellWord(note.forma)}" continues ${note.labels.length === 1 ? "it" : "them"}`
    case "Unsettled":
      return adviceForCreates(note)
    case "JournalDamaged":
    case "NotRepaired":
    case "NotResumed":
      return adviceForError(note.error)
    case "LeftOut":
      return `"formae sync ${shellWord(note.forma)}" reads it once that has ended`
    case "NotSynced":
      return `"formae sync ${shellWord(note.forma)}" reads it`
    case "Adopted":
    case "Converted":
    case "Moved":
    case "NameUnknown":
    case "OutputsLeft":
    case "OutputsWithoutValue":
    case "Repaired":
      return ""
  }
}

/** The commands that settle creates, each for the first of them. */
const adviceForCreates = ({ forma, labels }: Extract<Note, { _tag: "Unsettled" }>): string => {
  const of = `${shellWord(labels[0] ?? "")}`
  const settled = `If it exists, run "formae adopt ${of} NATIVE_ID --forma ${shellWord(forma)}". If it does not, run "formae forget ${of} --forma ${shellWord(forma)}"`
  return labels.length === 1 ? settled : `${settled}, and the same for the others`
}
