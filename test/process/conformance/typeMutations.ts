/** Mistakes in what becomes of resources. */
import type { Row } from "./Mutation.ts"

export const typeMutations: ReadonlyArray<Row> = [
  [[], "cannot create", ["type.create"]],
  [["calls.noMasks"], "masks its secrets", ["type.masks"]],
  [["calls.readMissing"], "reads what does not exist", ["type.notFound", "type.outOfBand"]],
  [[], "reads back less than was given", ["type.readBack", "type.noChange", "type.update"]],
  [[], "reads back what it does not declare", ["type.readBack"]],
  [[], "returns another value than was given", ["type.noChange", "type.update"]],
  [[], "reads back its secret", ["type.writeOnly", "type.secrets"]],

  [["calls.update"], "does not update", ["type.update", "type.dropped"], ["type.createOnlyUpdate"]],
  [["calls.update"], "keeps what is not wanted any more", ["type.dropped"]],
  [["calls.updateAnswer"], "answers an update with the old values", ["type.updateAnswer"]],
  [["calls.updateNativeId"], "changes the native id in an update", ["type.update"]],
  [[], "changes what can only be set at create", [], ["type.createOnlyUpdate"]],
  [[], "cannot delete", ["type.delete", "type.outOfBand"]],
  [["calls.deleteMissing"], "fails to delete what does not exist", ["type.deleteAgain"]],

  [[], "lists nothing", ["type.list", "type.listPages", "type.listMany"]],
  [["calls.pageSize"], "ignores the page size", ["type.listPages", "type.listToken"]],
  [["calls.pages"], "loses a thing between two pages", ["type.listMany"]],
  [["calls.pages"], "lists a thing in two pages", ["type.listMany"]],
  [["calls.pages"], "repeats its pages for ever", ["type.listPages"]],
  [["calls.pageToken"], "accepts any page token", ["type.listToken"]],
  [["calls.pageToken"], "fails a list in its own way", ["type.listToken"]],

  [["calls.place"], "says another place each time", ["type.place"]],
  [["calls.place"], "says another place where the target is written in another way", ["type.place"]],
  [[], "cannot identify what is not known whole", ["type.place", "type.identity"]],
  [["calls.identifyNativeId"], "says another native id than its create has", ["type.identity"]],
  [["calls.equalForms"], "gives forms that follow from what is asked for beside them", ["type.canonicalRead"]],
  [["calls.equalForms"], "gives another form to what is read", ["type.noChange", "type.canonicalRead", "type.update"]],
  [["calls.formOfForm"], "gives forms that change when they are given again", ["type.canonical"]],
]
