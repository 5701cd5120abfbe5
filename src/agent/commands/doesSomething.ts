/** Whether an apply or a destroy does anything about a resource. */
import type { ResourceResult } from "../apply/ResourceResult.ts"
import type { CommandResult } from "./CommandResult.ts"

/**
 * Of the result of a plan: whether the command that follows changes anything
 * there, at the provider or in the state. A new label and a new care are
 * recorded also where the resource itself cannot be changed.
 */
export const doesSomething = ({
  changedCare,
  movedFrom,
  openOperation,
  operation,
  status,
}: Pick<ResourceResult, "changedCare" | "movedFrom" | "openOperation" | "operation" | "status">): boolean =>
  openOperation !== undefined ||
  movedFrom !== undefined ||
  changedCare !== undefined ||
  (operation !== "noop" && status !== "failed")

/** Of the result of a plan: whether the command that follows changes anything, outputs included. */
export const planDoesSomething = ({
  outputChanges = [],
  resources,
}: Pick<CommandResult, "outputChanges" | "resources">): boolean =>
  outputChanges.length > 0 || resources.some(doesSomething)
