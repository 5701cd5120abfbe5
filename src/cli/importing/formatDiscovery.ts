/** What a discovery has found, as lines. */
import type { Discovered } from "../../agent/index.ts"
import { formatTable } from "../formatTable.ts"
import { type Line, span } from "../Line.ts"

type Of<Tag extends Discovered["_tag"]> = Extract<Discovered, { readonly _tag: Tag }>

/** One of what was found. */
export type Found = Of<"Found">
/** What could not be listed or read. */
export type Failed = Of<"Failed">

const failureLine = ({ error, nativeId, target, type }: Failed): Line => [
  span(
    `${[target, type, nativeId].filter((part) => part !== undefined && part !== "").join(" ")}: ${error.code}: ${error.message}`,
    "failed",
  ),
]

const summaryOf = (count: number): string =>
  count === 0
    ? "Found nothing that is not in a document"
    : `${count === 1 ? "1 resource is" : `${count} resources are`} in no document`

/** Within the width of a terminal, if there is one. */
export const formatDiscovery = (
  found: ReadonlyArray<Found>,
  failures: ReadonlyArray<Failed>,
  hint: string,
  width?: number,
): ReadonlyArray<Line> => {
  const hasNames = found.some(({ name }) => name !== undefined)
  const rows = found
    .toSorted((a, b) => (`${a.type} ${a.nativeId}` < `${b.type} ${b.nativeId}` ? -1 : 1))
    .map(({ name = "", nativeId, target, type }) => [type, ...(hasNames ? [name] : []), nativeId, target])
  const columns = [
    { title: "type", shrink: "cut" },
    ...(hasNames ? ([{ title: "name", shrink: "cut" }] as const) : []),
    { title: "native id", shrink: "cut" },
    { title: "target", shrink: "cut" },
  ] as const
  return [
    ...(rows.length === 0 ? [] : [...formatTable(columns, rows, width), ""]),
    ...failures.map(failureLine),
    ...(failures.length === 0 ? [] : [""]),
    failures.length === 0 ? summaryOf(found.length) : `${summaryOf(found.length)}, but not everything could be listed`,
    hint,
  ]
}

/** Whether something was found. What has failed is kept for the end. */
export const isFound =
  (failures: Array<Failed>) =>
  (one: Discovered): one is Found => {
    if (one._tag === "Failed") failures.push(one)
    return one._tag === "Found"
  }
