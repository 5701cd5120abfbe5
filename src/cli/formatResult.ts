/** A result for people: a table, the failures with their reasons, and a summary. */
import type { ResourceResult } from "../agent/apply/ResourceResult.ts"
import { type CommandName, type CommandResult, describeNote } from "../agent/index.ts"
import { adviceForChange } from "./advice/adviceForChange.ts"
import { adviceForNote } from "./advice/adviceForNote.ts"
import { withAdvice } from "./advice/withAdvice.ts"
import { formatDuration } from "./formatDuration.ts"
import { formatTable } from "./formatTable.ts"

const past: Record<ResourceResult["operation"], string> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  noop: "unchanged",
}

const future: Record<ResourceResult["operation"], string> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  noop: "unchanged",
}

/** Whether the command stopped at a safe point and the provider still works on it. */
export const isUnderWay = ({ error, status }: ResourceResult): boolean =>
  status === "canceled" && error?.code === "LeftUnderWay"

const operations = ["create", "update", "replace", "delete", "noop"] as const

const countByOperation = (resources: ReadonlyArray<ResourceResult>, words: typeof past): string =>
  operations
    .map((operation) => [resources.filter((one) => one.operation === operation).length, words[operation]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ")

const countOf = (resources: ReadonlyArray<ResourceResult>): string =>
  resources.length === 1 ? "1 resource" : `${resources.length} resources`

/** The last line: what was done, or what would be done. */
const summarise = ({ command, resources }: CommandResult): string => {
  const failures = resources.filter(({ status }) => status === "failed")
  const canceled = resources.filter(({ status }) => status === "canceled")
  const left = canceled.filter(isUnderWay).length
  const notStarted = canceled.length - left
  const well = resources.filter(({ status }) => status === "succeeded" || status === "planned")
  if (command === "resume" && resources.length === 0) return "Nothing to resume: no command was cut off or canceled"
  if (command === "adopt") return "Adopted: the resource is in the inventory now"
  if (command === "forget") return "Forgotten: the next apply that wants the resource will create it"
  if (command === "inventory") return `${countOf(resources)} in the inventory`
  if (command === "destroy" && resources.length === 0) return "Nothing to do: no resources of this document exist"
  if (failures.length === 0 && resources.every(({ operation }) => operation === "noop")) {
    if (resources.length === 0) return "Nothing to do: the document asks for no resources"
    return `Nothing to do: ${countOf(resources)} ${resources.length === 1 ? "is" : "are"} already as wanted`
  }
  const counts = [
    countByOperation(well, command === "plan" ? future : past),
    failures.length === 0 ? "" : `${failures.length} failed`,
    left === 0 ? "" : `${left} still in progress`,
    notStarted === 0 ? "" : `${notStarted} not started`,
  ].filter((part) => part !== "")
  const remedy = canceled.length === 0 ? "" : `: run "formae resume" or the same command again to continue`
  return `${counts.join(", ")}${remedy}`
}

/** A JSON Pointer without its first slash, as people write it. */
const nameOf = (pointer: string): string => pointer.slice(1)

const statusOf = (one: ResourceResult): string => {
  const { changed, forcedBy = [], operation, status } = one
  if (status === "canceled") return isUnderWay(one) ? "still in progress" : "not started"
  if (status === "failed") return operation === "noop" ? "failed" : `${operation} failed`
  if (status === "planned" && forcedBy.length > 0)
    return `${future[operation]}: ${forcedBy.map(nameOf).join(", ")} cannot be changed`
  if (status === "planned") return `${future[operation]}${changed.length === 0 ? "" : `: ${changed.join(", ")}`}`
  return past[operation]
}

/** The commands whose results come from several formae. */
const listsFormae: ReadonlySet<CommandName> = new Set(["inventory", "resume", "adopt", "forget"])

/** The commands that take a time worth showing. */
const showsTime: ReadonlySet<CommandName> = new Set(["apply", "destroy", "resume"])

const resourceTable = ({ command, resources }: CommandResult): string => {
  const forma = listsFormae.has(command)
  const status = command !== "inventory"
  const time = showsTime.has(command)
  const head = [
    ...(forma ? ["forma"] : []),
    "label",
    "type",
    ...(status ? [command === "plan" ? "plan" : "result"] : []),
    "native id",
    ...(time ? ["time"] : []),
  ]
  const rows = resources.map((one) => [
    ...(forma ? [one.forma ?? ""] : []),
    one.label,
    one.type,
    ...(status ? [statusOf(one)] : []),
    one.nativeId ?? "-",
    ...(time ? [one.operation === "noop" ? "" : formatDuration(one.durationMillis)] : []),
  ])
  return formatTable(head, rows)
}

const failureLines = (resources: ReadonlyArray<ResourceResult>): ReadonlyArray<string> =>
  resources.flatMap(({ error, label, status }) =>
    error === null || status === "canceled"
      ? []
      : [withAdvice(`${label}: ${error.code}: ${error.message}`, adviceForChange(error))],
  )

const crashLines = (resources: ReadonlyArray<ResourceResult>): ReadonlyArray<string> =>
  resources.flatMap(({ crashes, label, status }) => {
    if (crashes.length === 0 || status === "failed") return []
    const count = crashes.length === 1 ? "a crash" : `${crashes.length} crashes`
    return [`${label} survived ${count} of its plugin: ${crashes.at(-1)?.message}`]
  })

const seenLines = (resources: ReadonlyArray<ResourceResult>): ReadonlyArray<string> =>
  resources.flatMap(({ label, seenOutside = [] }) =>
    seenOutside.length === 0
      ? []
      : [`${label}: added outside of formae and left alone: ${seenOutside.map(nameOf).join(", ")}`],
  )

export const formatResult = (result: CommandResult): string => {
  const { notes = [], resources } = result
  const paragraphs = [
    resources.length === 0 ? [] : [resourceTable(result)],
    failureLines(resources),
    crashLines(resources),
    seenLines(resources),
    [summarise(result), ...notes.map((note) => withAdvice(describeNote(note), adviceForNote(note)))],
  ]
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")
}
