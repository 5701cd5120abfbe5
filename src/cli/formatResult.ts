/** Results in words and columns, for people. */
import Table from "cli-table3"
import type { ResourceResult } from "../agent/apply/ResourceResult.ts"
import type { CommandResult } from "../agent/index.ts"

export const formatTable = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const table = new Table({
    head: head.map((title) => title.toUpperCase()),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: "  ",
    },
  })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
}

export const formatDuration = (millis: number): string =>
  millis < 1_000
    ? `${millis} ms`
    : millis < 60_000
      ? `${(millis / 1_000).toFixed(1)} s`
      : `${(millis / 60_000).toFixed(1)} min`

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

const operations = ["create", "update", "replace", "delete", "noop"] as const

const countBy = (resources: ReadonlyArray<ResourceResult>, words: typeof past): string =>
  operations
    .map((operation) => [resources.filter((one) => one.operation === operation).length, words[operation]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ")

const things = (count: number): string => (count === 1 ? "1 resource" : `${count} resources`)

/** The last line: what was done, or what there is to do. */
export const summarise = ({ command, resources }: CommandResult): string => {
  const failures = resources.filter(({ status }) => status === "failed")
  const canceled = resources.filter(({ status }) => status === "canceled")
  const left = canceled.filter(isUnderWay).length
  const notBegun = canceled.length - left
  const well = resources.filter(({ status }) => status === "succeeded" || status === "planned")
  if (command === "resume" && resources.length === 0) return "Nothing to resume: no command was cut off or canceled"
  if (command === "adopt") return "Adopted: it is in the inventory"
  if (command === "forget") return "Forgotten: the next apply that wants it makes it anew"
  if (command === "inventory") return `${things(resources.length)} in the inventory`
  if (command === "destroy" && resources.length === 0) return "Nothing to do: the forma has no resources"
  if (failures.length === 0 && resources.every(({ operation }) => operation === "noop")) {
    return `Nothing to do: ${resources.length === 0 ? "the forma wants no resources" : `${things(resources.length)} as wanted`}`
  }
  const counts = countBy(well, command === "plan" ? future : past)
  const parts = [
    counts,
    failures.length === 0 ? "" : `${failures.length} failed`,
    left === 0 ? "" : `${left} left under way`,
    notBegun === 0 ? "" : `${notBegun} not begun`,
  ].filter((part) => part !== "")
  const wayOn = canceled.length === 0 ? "" : `: "formae resume" or the same command goes on`
  return `${parts.join(", ")}${wayOn}`
}

/** Left at a safe point: the provider goes on with it. */
export const isUnderWay = ({ error, status }: ResourceResult): boolean =>
  status === "canceled" && error?.code === "LeftUnderWay"

const statusOf = (one: ResourceResult): string => {
  if (one.status === "canceled") return isUnderWay(one) ? "left under way" : "not begun"
  const why = one.status === "planned" && one.changed.length > 0 ? `: ${one.changed.join(", ")}` : ""
  return `${wordsOf(one)}${why}`
}

const wordsOf = ({ operation, status }: ResourceResult): string =>
  status === "failed"
    ? operation === "noop"
      ? "failed"
      : `${operation} failed`
    : status === "planned"
      ? future[operation]
      : past[operation]

/** A result as a table of what there is now, the failures with their reasons, and a summary. */
export const formatResult = (result: CommandResult): string => {
  const { command, note, resources } = result
  const timed = command === "apply" || command === "destroy" || command === "resume"
  const ofSeveral = command === "inventory" || command === "resume" || command === "adopt" || command === "forget"
  const rows = resources.map((one) => [
    ...(ofSeveral ? [one.forma ?? ""] : []),
    one.label,
    one.type,
    ...(command === "inventory" ? [] : [statusOf(one)]),
    one.nativeId ?? "-",
    ...(timed ? [one.operation === "noop" ? "" : formatDuration(one.durationMillis)] : []),
  ])
  const head = [
    ...(ofSeveral ? ["forma"] : []),
    "label",
    "type",
    ...(command === "inventory" ? [] : [command === "plan" ? "plan" : "result"]),
    "native id",
    ...(timed ? ["time"] : []),
  ]
  const failures = resources.flatMap(({ error, label, status }) =>
    error === null || status === "canceled" ? [] : [`${label}: ${error.code}: ${error.message}`],
  )
  const survived = resources.flatMap(({ crashes, label, status }) =>
    crashes.length === 0 || status === "failed"
      ? []
      : [
          `${label} lived through ${crashes.length === 1 ? "a crash" : `${crashes.length} crashes`} of its plugin: ${crashes.at(-1)?.message}`,
        ],
  )
  return [
    ...(rows.length === 0 ? [] : [formatTable(head, rows), ""]),
    ...(failures.length === 0 ? [] : [...failures, ""]),
    ...(survived.length === 0 ? [] : [...survived, ""]),
    summarise(result),
    ...(note === undefined ? [] : [note]),
  ].join("\n")
}
