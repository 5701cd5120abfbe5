/** The resources of a plan as lines: what happens to each of them, and to which of its properties. */
import { type CommandResult, doesSomething } from "../../agent/index.ts"
import { layOutTable } from "../formatTable.ts"
import { type Happening, happeningOf, happeningStyles, statusOf } from "../happenings.ts"
import { type Line, span } from "../Line.ts"
import { propertyLines } from "./propertyLines.ts"

type Planned = CommandResult["resources"][number]

const signs: Readonly<Record<Happening, string>> = {
  create: "+",
  update: "~",
  replace: "-/+",
  delete: "-",
  noop: " ",
  forget: ".",
  adopt: "+",
  move: ">",
  finish: "~",
  record: "~",
}

const isShown = (one: Planned): boolean => doesSomething(one) || one.status === "failed"

/** Why it is another thing, although none of its properties forces that. */
const whyMoved = ({ changed, forcedBy = [], operation, type }: Planned): string | undefined => {
  if (operation !== "replace" || forcedBy.length > 0) return undefined
  if (changed.includes("type")) return `it is a ${type} now`
  return changed.includes("target") ? "its target is another place now" : undefined
}

/** What the state remembers of it from now on. */
const careLines = ({ changedCare: { drift, protect, retain } = {} }: Planned): ReadonlyArray<Line> => [
  ...(protect === undefined
    ? []
    : [[span(`     it is ${protect ? "protected from now on" : "no longer protected"}`, "updated")]]),
  ...(retain === undefined
    ? []
    : [[span(`     it is ${retain ? "kept" : "deleted"} once the document does not want it`, "updated")]]),
  ...(drift === undefined
    ? []
    : [[span(`     its drift is treated as "drift: ${drift}" says from now on`, "updated")]]),
]

const askedOf = ({ operation }: Planned, places: ReadonlyArray<string>): string => {
  const what =
    operation === "delete"
      ? "it was changed outside of formae, and is deleted only where that is accepted"
      : "an apply overwrites it only where that is accepted"
  return places.length === 0 ? what : `${what}: ${places.map((path) => path.slice(1)).join(", ")}`
}

/** What is true of the resource as a whole. */
const reasonLines = (one: Planned): ReadonlyArray<Line> => {
  const { asksDrift, deletedOutside, openOperation, status } = one
  const moved = whyMoved(one)
  // What is blocked says why.
  const isOpen = openOperation !== undefined && status !== "failed"
  return [
    ...(isOpen
      ? [[span(`     its ${openOperation.kind.toLowerCase()} is still open: an apply finishes it first`, "updated")]]
      : []),
    ...careLines(one),
    ...(asksDrift === undefined ? [] : [[span(`     drift: ask  ${askedOf(one, asksDrift)}`, "replaced")]]),
    ...(deletedOutside === true ? [[span("     it was deleted outside of formae", "updated")]] : []),
    ...(moved === undefined ? [] : [[span(`     ${moved}`), span("  forces replacement", "replaced")]]),
  ] satisfies ReadonlyArray<Line>
}

const columns = [
  "",
  { title: "label", shrink: "cut" },
  { title: "type", shrink: "cut" },
  { title: "plan", shrink: "wrap" },
  { title: "native id", shrink: "cut" },
] as const

/** What stays as it is is not shown: the summary counts it. Within the width of a terminal, if there is one. */
export const formatPlan = (resources: ReadonlyArray<Planned>, width?: number): ReadonlyArray<Line> => {
  const shown = resources.filter(isShown)
  if (shown.length === 0) return []
  const { head, rows } = layOutTable(
    columns,
    shown.map((one) => {
      const happening = happeningOf(one)
      const style = one.status === "failed" ? "failed" : happeningStyles[happening]
      return [
        span(one.status === "failed" ? "!" : signs[happening], style),
        one.label,
        one.type,
        span(statusOf(one, "plan"), style),
        one.nativeId ?? "-",
      ]
    }),
    width,
  )
  const details = shown.map((one) => [
    ...reasonLines(one),
    ...(one.changes ?? []).flatMap((change) => propertyLines(change, width)),
  ])
  const hasDetails = (index: number): boolean => (details[index] ?? []).length > 0
  return [
    head,
    ...shown.flatMap((_, index) => [
      // What has details stands apart.
      ...(index > 0 && (hasDetails(index - 1) || hasDetails(index)) ? [""] : []),
      ...(rows[index] ?? []),
      ...(details[index] ?? []),
    ]),
  ]
}
