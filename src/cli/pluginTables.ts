/** The tables of plugins, within the width of a terminal if there is one. */
import * as SemVer from "effect/SemVer"
import type { CatalogEntry } from "../agent/index.ts"
import { formatProtocol } from "../protocol/index.ts"
import { type Listed, listedRow } from "./added/listAdded.ts"
import { type Column, formatTable } from "./formatTable.ts"
import { type Line, span } from "./Line.ts"

const cut = (title: string): Column => ({ title, shrink: "cut" })

const found: ReadonlyArray<Column> = [cut("namespace"), cut("name"), "version", "protocol", "state", cut("entry")]

/** The plugins that were found. `isQuarantined` is asked by their names. */
export const foundTable = (
  entries: ReadonlyArray<CatalogEntry>,
  isQuarantined: (name: string) => boolean,
  width?: number,
): ReadonlyArray<Line> =>
  formatTable(
    found,
    entries.map(({ entryPath, manifest }) => [
      manifest.namespace,
      manifest.name,
      SemVer.format(manifest.version),
      formatProtocol(manifest.protocol),
      isQuarantined(manifest.name) ? span("quarantined", "failed") : "-",
      entryPath,
    ]),
    width,
  )

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
