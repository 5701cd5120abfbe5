/** What differs from what was wanted, as lines: what it was wanted to be, what it is, and since when. */
import type { CommandResult, ResourceResult } from "../../agent/index.ts"
import { layOutTable } from "../formatTable.ts"
import { type Line, span, type Style } from "../Line.ts"
import { propertyLines } from "../plan/propertyLines.ts"
import { timeOf } from "../timeOf.ts"
import { driftLeft } from "./driftLeft.ts"

const columns = [
  "",
  { title: "forma", shrink: "cut" },
  { title: "label", shrink: "cut" },
  { title: "type", shrink: "cut" },
  { title: "drift", shrink: "wrap" },
  { title: "last read", shrink: "wrap" },
  { title: "native id", shrink: "cut" },
] as const

const whatOf = ({ drift, error }: ResourceResult): readonly [sign: string, what: string, style: Style] => {
  if (error !== null) return ["!", "not read", "failed"]
  return drift?.goneSince === undefined ? ["~", "changed elsewhere", "updated"] : ["-", "deleted elsewhere", "deleted"]
}

const policies = {
  report: [[span("     drift: report  the next apply sets it back", "quiet")]],
  repair: [[span("     drift: repair  formae sync --repair sets it back", "quiet")]],
  ask: [[span("     drift: ask  an apply sets it back only where it is told to", "quiet")]],
} satisfies Record<string, ReadonlyArray<Line>>

const detailsOf = ({ drift }: ResourceResult, width: number | undefined): ReadonlyArray<Line> => {
  if (drift === undefined) return []
  const gone = drift.goneSince
  return [
    ...(gone === undefined
      ? []
      : [[span(`     it is gone since ${timeOf(gone)} or before`, "deleted")] satisfies Line]),
    ...drift.places.flatMap(({ found, path, secret, since, wanted }) =>
      propertyLines(
        {
          path,
          ...(wanted === undefined ? {} : { before: wanted }),
          ...(found === undefined ? {} : { after: found }),
          ...(secret === true ? { secret } : {}),
        },
        width,
        [span(`  since ${timeOf(since)}`, "quiet")],
      ),
    ),
    ...policies[drift.policy],
  ]
}

/** Within the width of a terminal, if there is one. */
export const formatDrift = (resources: ReadonlyArray<ResourceResult>, width?: number): ReadonlyArray<Line> => {
  if (resources.length === 0) return []
  const { head, rows } = layOutTable(
    columns,
    resources.map((one) => {
      const [sign, what, style] = whatOf(one)
      const readAt = one.drift === undefined ? "" : timeOf(one.drift.readAt)
      return [span(sign, style), one.forma ?? "", one.label, one.type, span(what, style), readAt, one.nativeId ?? "-"]
    }),
    width,
  )
  return [
    head,
    ...resources.flatMap((one, index) => [
      ...(index > 0 ? [""] : []),
      ...(rows[index] ?? []),
      ...detailsOf(one, width),
    ]),
  ]
}

const countOf = (count: number): string => `${count} resource${count === 1 ? "" : "s"}`

/** The last line. */
export const summariseDrift = (result: CommandResult): string => {
  const { command, read = 0, resources } = result
  const failed = resources.filter(({ error }) => error !== null).length
  const left = driftLeft(result)
  const gone = left.filter(({ drift }) => drift?.goneSince !== undefined).length
  const changed = left.length - gone
  const repaired = resources.length - failed - left.length
  const parts = [
    ...(changed === 0 ? [] : [`${changed} changed elsewhere`]),
    ...(gone === 0 ? [] : [`${gone} deleted elsewhere`]),
    ...(repaired === 0 ? [] : [`${repaired} set back`]),
    ...(failed === 0 ? [] : [`${failed} could not be read`]),
  ].join(", ")
  if (command === "sync") return `${countOf(read)} read: ${parts === "" ? "as wanted" : parts}`
  return parts === "" ? "Nothing that was read differs from what is wanted" : parts
}
