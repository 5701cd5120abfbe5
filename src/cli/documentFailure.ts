/** How a command ends that was given a document, or a plan that was made from one. */
import {
  type CommandRefused,
  FormaInvalid,
  type PlanNotSaved,
  type SavedPlanUnusable,
  type VaultUnavailable,
} from "../agent/index.ts"
import { namespaceKey, namespaceOf } from "../protocol/index.ts"
import { adviceForTypes } from "./advice/adviceForTypes.ts"
import { adviceForNamespace } from "./advice/adviceForNamespace.ts"
import { failed, refused } from "./agentFailures.ts"
import { badInput, type CommandFailure, withLine } from "./CommandFailure.ts"
import type { DocumentFile } from "./DocumentFile.ts"

/** Why nothing was done with a document. */
export type DocumentError = CommandRefused | CommandFailure | PlanNotSaved | SavedPlanUnusable | VaultUnavailable

interface Named {
  /** As a document has them. None where no place can be named. */
  readonly forma: { readonly resources: ReadonlyArray<Pick<DocumentFile["forma"]["resources"][number], "type">> }
  readonly refuse: DocumentFile["refuse"]
}

const advised = (failure: CommandFailure, advice: string): CommandFailure =>
  advice === "" ? failure : withLine(failure, advice)

/** An error caused by the document is bad input, and is reported with its position; anything else is a failure of the command. */
export const failureIn =
  (document: Named) =>
  (error: DocumentError): CommandFailure => {
    switch (error._tag) {
      case "CommandFailure":
        return error
      case "DocumentConflict":
      case "DriftNotAccepted":
      case "NotConfirmed":
      case "OnlyRefused":
      case "PlanNotSaved":
      case "PlanOutdated":
      case "ResourcesProtected":
      case "SavedPlanUnusable":
        return refused(error)
      case "FormaInvalid":
        return advised(document.refuse(error), adviceForTypes(error.issues))
      case "NamespaceUnknown": {
        const key = namespaceKey(error.namespace)
        const index = document.forma.resources.findIndex(({ type }) => namespaceKey(namespaceOf(type)) === key)
        if (index === -1) return badInput(error._tag, error.message)
        const refusal = document.refuse(
          new FormaInvalid({ issues: [{ path: ["resources", index, "type"], message: error.message }] }),
        )
        return error.refused === undefined ? withLine(refusal, adviceForNamespace(error)) : refusal
      }
      default:
        return failed(error)
    }
  }
