/** A result for people, as lines: a table, the failures with their reasons, and a summary. */
import type { ResourceResult } from "../agent/apply/ResourceResult.ts"
import { type CommandName, type CommandResult, describeNote } from "../agent/index.ts"
import { makeChangeAdvice } from "./advice/makeChangeAdvice.ts"
import { adviceForNote } from "./advice/adviceForNote.ts"
import { withAdvice } from "./advice/withAdvice.ts"
import { formatDuration } from "./formatDuration.ts"
import { type Column, formatTable } from "./formatTable.ts"
import { describeCanceled, future, happeningOf, past, statusOf, statusStyle } from "./happenings.ts"
import { type Line, span } from "./Line.ts"
import { outputLines } from "./outputLines.ts"
import { formatDrift, summariseDrift } from "./looking/formatDrift.ts"
import { formatPlan } from "./plan/formatPlan.ts"
import { propertyLines } from "./plan/propertyLines.ts"
import { onlyLine } from "./plan/onlyLine.ts"
import { foldedTo } from "./Question.ts"

const happenings = [
  "create",
  "update",
  "replace",
  "delete",
  "move",
  "record",
  "finish",
  "forget",
  "adopt",
  "noop",
] as const

const canceledWays = ["still in progress", "stopped", "not started"]

const countByOperation = (resources: ReadonlyArray<ResourceResult>, words: typeof past): string =>
  happenings
    .map((kind) => [resources.filter((one) => happeningOf(one) === kind).length, words[kind]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(", ")

const countOf = (resources: ReadonlyArray<ResourceResult>): string =>
  resources.length === 1 ? "1 resource" : `${resources.length} resources`

const countOutputs = ({ outputChanges = [] }: CommandResult): string =>
  outputChanges.length === 0
    ? ""
    : `${outputChanges.length} ${outputChanges.length === 1 ? "output" : "outputs"} to change`

const summariseImport = (resources: ReadonlyArray<ResourceResult>): string => {
  const differing = resources.filter(({ changed }) => changed.length > 0).map(({ label }) => label)
  const rest = differing.length === 0 ? "a plan has nothing to do" : `a plan still changes: ${differing.join(", ")}`
  return `Imported: ${countOf(resources)} ${resources.length === 1 ? "is" : "are"} in the document and in the state, and ${rest}`
}

/** The last line: what was done, or what would be done. */
const summarise = (result: CommandResult, formae: ReadonlyArray<string>): string => {
  const { command, resources } = result
  const failures = resources.filter(({ status }) => status === "failed")
  const canceled = resources.filter(({ status }) => status === "canceled")
  const well = resources.filter(({ status }) => status === "succeeded" || status === "planned")
  if (command === "resume" && resources.length === 0) {
    return result.notes === undefined
      ? "Nothing to resume: no command was cut off or canceled"
      : "Nothing to resume there: no such command was cut off or canceled"
  }
  if (command === "adopt") return "Adopted: the resource is in the inventory now"
  if (command === "forget") return "Forgotten: the next apply that wants the resource will create it"
  if (command === "import") return summariseImport(resources)
  if (command === "mv") return "Renamed in the state: rename it in the document too"
  if (command === "sync" || command === "drift") return summariseDrift(result)
  if (command === "inventory") return `${countOf(resources)} in the inventory`
  if (command === "destroy" && resources.length === 0) return "Nothing to do: no resources of this document exist"
  const outputs = countOutputs(result)
  if (failures.length === 0 && outputs === "" && resources.every((one) => happeningOf(one) === "noop")) {
    if (resources.length === 0) {
      return Object.keys(result.outputs ?? {}).length === 0
        ? "Nothing to do: the document asks for no resources"
        : "The document asks for no resources; its outputs are as above"
    }
    return `Nothing to do: ${countOf(resources)} ${resources.length === 1 ? "is" : "are"} already as wanted`
  }
  const counts = [
    countByOperation(well, command === "plan" ? future : past),
    failures.length === 0 ? "" : `${failures.length} ${command === "plan" ? "blocked" : "failed"}`,
    ...canceledWays.map((way) => {
      const count = canceled.filter((one) => describeCanceled(one) === way).length
      return count === 0 ? "" : `${count} ${way}`
    }),
    outputs,
  ].filter((part) => part !== "")
  const remedy =
    canceled.length === 0 ? "" : `: run ${continuing(canceled, formae)} or the same command again to continue`
  return `${counts.join(", ")}${remedy}`
}

/** A JSON Pointer without its first slash, as people write it. */
const nameOf = (pointer: string): string => pointer.slice(1)

/** The commands that continue what was canceled, and nothing else. */
const continuing = (canceled: ReadonlyArray<ResourceResult>, formae: ReadonlyArray<string>): string =>
  [...new Set(canceled.flatMap(({ forma }) => (forma === undefined ? formae : [forma])))]
    .map((forma) => `"formae resume ${forma}"`)
    .join(" and ")

/** The commands whose results come from several formae. */
const listsFormae: ReadonlySet<CommandName> = new Set(["inventory", "resume", "adopt", "forget", "mv"])

/** The commands that take a time worth showing. */
const showsTime: ReadonlySet<CommandName> = new Set(["apply", "destroy", "resume"])

/** The time stands before the id, which may be cut. */
const resourceTable = ({ command, resources }: CommandResult, width: number | undefined): ReadonlyArray<Line> => {
  if (command === "sync" || command === "drift") return formatDrift(resources, width)
  const forma = listsFormae.has(command)
  const status = command !== "inventory"
  const time = showsTime.has(command)
  const head: ReadonlyArray<Column> = [
    ...(forma ? [{ title: "forma", shrink: "cut" } as const] : []),
    { title: "label", shrink: "cut" },
    { title: "type", shrink: "cut" },
    ...(status ? [{ title: "result", shrink: "wrap" } as const] : []),
    ...(time ? ["time"] : []),
    { title: "native id", shrink: "cut" },
  ]
  const rows = resources.map((one) => [
    ...(forma ? [one.forma ?? ""] : []),
    one.label,
    one.type,
    ...(status ? [span(statusOf(one, command), statusStyle(one))] : []),
    ...(time ? [one.operation === "noop" ? "" : formatDuration(one.durationMillis)] : []),
    one.nativeId ?? "-",
  ])
  return formatTable(head, rows, width)
}

const failureLines = (resources: ReadonlyArray<ResourceResult>): ReadonlyArray<string> => {
  const adviceFor = makeChangeAdvice()
  return resources.flatMap(({ error, label, status }) =>
    error === null || status === "canceled"
      ? []
      : [withAdvice(`${label}: ${error.code}: ${error.message}`, adviceFor(error))],
  )
}

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

/** `formae` are those that the command was about, for a result whose resources do not say it themselves. `width` is that of the terminal, if there is one. */
export const formatResult = (
  result: CommandResult,
  formae: ReadonlyArray<string>,
  width?: number,
): ReadonlyArray<Line> => {
  const { command, notes = [], outputChanges = [], resources } = result
  const table =
    resources.length === 0 ? [] : command === "plan" ? formatPlan(resources, width) : resourceTable(result, width)
  const paragraphs: ReadonlyArray<ReadonlyArray<Line>> = [
    table,
    failureLines(resources),
    crashLines(resources),
    seenLines(resources),
    outputChanges.length === 0 ? [] : ["Outputs:", ...outputChanges.flatMap((change) => propertyLines(change, width))],
    Object.keys(result.outputs ?? {}).length === 0 ? [] : ["Outputs:", ...outputLines(result.outputs ?? {})],
    [
      ...foldedTo([...(result.only === undefined ? [] : [onlyLine(result.only)]), summarise(result, formae)], width),
      ...notes.map((note) => withAdvice(describeNote(note), adviceForNote(note))),
    ],
  ]
  return paragraphs
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]))
}
