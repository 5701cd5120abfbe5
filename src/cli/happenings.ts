/** What happened to a resource, or would, in words and in colors. */
import type { ResourceResult } from "../agent/apply/ResourceResult.ts"
import { type CommandName, doesSomething } from "../agent/index.ts"
import type { Style } from "./Line.ts"

/** What happened to a resource: its operation, or that only something else about it was changed. */
export type Happening = ResourceResult["operation"] | "finish" | "move" | "record"

export const happeningOf = (one: ResourceResult): Happening => {
  const { movedFrom, openOperation, operation } = one
  if (operation !== "noop" || !doesSomething(one)) return operation
  if (openOperation !== undefined) return "finish"
  return movedFrom === undefined ? "record" : "move"
}

export const past: Readonly<Record<Happening, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  noop: "unchanged",
  forget: "forgotten",
  adopt: "adopted",
  move: "moved",
  finish: "finished",
  record: "recorded",
}

export const future: Readonly<Record<Happening, string>> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  noop: "unchanged",
  forget: "to forget",
  adopt: "to adopt",
  move: "to move",
  finish: "to finish",
  record: "to record",
}

export const happeningStyles: Readonly<Record<Happening, Style>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  noop: "quiet",
  forget: "quiet",
  adopt: "created",
  move: "updated",
  finish: "updated",
  record: "updated",
}

/** How a change that was canceled ended: the provider works on it, it was tried without success, or it was not begun. */
export const describeCanceled = (one: ResourceResult): string =>
  isUnderWay(one) ? "still in progress" : one.attempts > 0 ? "stopped" : "not started"

/** Whether the command stopped at a safe point and the provider still works on it. */
const isUnderWay = ({ error, status }: ResourceResult): boolean =>
  status === "canceled" && error?.code === "LeftUnderWay"

/** What became of a resource, in the words of its command. */
export const statusOf = (one: ResourceResult, command: CommandName): string => {
  const { operation, status } = one
  // A plan tries nothing.
  if (command === "plan" && status === "failed")
    return operation === "noop" ? "blocked" : `cannot be ${past[operation]}`
  if (status === "canceled") return describeCanceled(one)
  if (status === "failed") return operation === "noop" ? "failed" : `${operation} failed`
  if (status !== "planned") return `${past[happeningOf(one)]}${ownerOf(one)}`
  return `${future[happeningOf(one)]}${ownerOf(one)}`
}

/** Its color. */
export const statusStyle = (one: ResourceResult): Style => {
  if (one.status === "failed") return "failed"
  return one.status === "canceled" ? "updated" : happeningStyles[happeningOf(one)]
}

/** The label that a resource had, and who else owns it. */
const ownerOf = ({ movedFrom, sharedWith }: ResourceResult): string =>
  [
    movedFrom === undefined ? "" : ` from ${movedFrom}`,
    sharedWith === undefined ? "" : ` (also owned by ${sharedWith})`,
  ].join("")
