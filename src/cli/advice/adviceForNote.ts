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
      return `"formae resume ${shellWord(note.forma)}" continues them`
    case "JournalDamaged":
    case "NotResumed":
      return adviceForError(note.error)
    case "Adopted":
    case "Converted":
    case "Moved":
    case "NameUnknown":
      return ""
  }
}
