/** The tables of plugins, within the width of a terminal if there is one. */
import * as SemVer from "effect/SemVer"
import type { CatalogEntry } from "../agent/index.ts"
import { formatProtocol, type Rate } from "../protocol/index.ts"
import { type Listed, listedRow } from "./added/listAdded.ts"
import { type Cell, type Column, formatTable } from "./formatTable.ts"
import { type Line, span } from "./Line.ts"

const cut = (title: string): Column => ({ title, shrink: "cut" })

const found: ReadonlyArray<Column> = [cut("namespace"), cut("name"), "version", "protocol", "state", cut("entry")]

/** Where a plugin stands, and how often it may ask its provider. */
export interface PluginPlace {
  /** The name of a state, such as `Quarantined`. Undefined where nothing has it started. */
  readonly state: string | undefined
  readonly rateLimit: Rate | undefined
}

const troubled: ReadonlySet<string> = new Set(["Disabled", "Failed", "Quarantined", "Restarting"])

/** `NotStarted` is "not started". */
const stateCell = (state: string | undefined): Cell => {
  if (state === undefined) return "-"
  const words = state.replaceAll(/(?<=.)(?=[A-Z])/g, " ").toLowerCase()
  return troubled.has(state) ? span(words, "failed") : words
}

/** The plugins that were found. `placeOf` is asked by their names. */
export const foundTable = (
  entries: ReadonlyArray<CatalogEntry>,
  placeOf: (name: string) => PluginPlace,
  width?: number,
): ReadonlyArray<Line> => {
  const isLimited = entries.some(({ manifest }) => placeOf(manifest.name).rateLimit !== undefined)
  return formatTable(
    isLimited ? [...found.slice(0, -1), "requests", ...found.slice(-1)] : found,
    entries.map(({ entryPath, manifest }) => {
      const { rateLimit, state } = placeOf(manifest.name)
      return [
        manifest.namespace,
        manifest.name,
        SemVer.format(manifest.version),
        formatProtocol(manifest.protocol),
        stateCell(state),
        ...(isLimited ? [rateLimit === undefined ? "-" : `${rateLimit.perSecond} per s`] : []),
        entryPath,
      ]
    }),
    width,
  )
}

const added: ReadonlyArray<Column> = [cut("package"), "version", cut("range"), cut("namespace")]

/** The plugins that were added, with what the registry has if it was asked. */
export const addedTable = (listed: ReadonlyArray<Listed>, asksRegistry: boolean, width?: number): ReadonlyArray<Line> =>
  formatTable(
    [...added, ...(asksRegistry ? ["fits", "latest"] : [{ title: "state", shrink: "wrap" } as const])],
    listed.map((one) => {
      const cells = listedRow(one, asksRegistry)
      return one.changed.length === 0
        ? cells
        : [...cells.slice(0, 4), ...cells.slice(4).map((cell) => span(cell, "failed"))]
    }),
    width,
  )
