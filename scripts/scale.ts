/**
 * `npm run scale`: measures what a state grows by and what runners cost that have
 * nothing to do, and writes the tables of docs/scale.md. It takes two minutes, and
 * needs the Postgres server of the tests.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { measureCluster } from "./scale/measureCluster.ts"
import { measureFile } from "./scale/measureFile.ts"
import { placementOf } from "./scale/placement.ts"
import { scaleTables } from "./scale/scaleTables.ts"

const documents = 10_000
const page = new URL("../docs/scale.md", import.meta.url)
const start = "<!-- scale: what follows is written by `npm run scale` -->"
const end = "<!-- scale: end -->"

const folder = mkdtempSync(join(tmpdir(), "formae-scale-"))
try {
  const formae = Array.from({ length: documents }, (_, index) => `document-${index}`)
  const text = scaleTables({
    placements: [3, 5, 10].map((runners) => placementOf(runners, formae)),
    file: await Effect.runPromise(measureFile(folder, 1_000)),
    cluster: await measureCluster(folder, { resources: 200, runners: 2, idleMillis: 30_000 }),
  })
  process.stdout.write(`${text}\n`)
  const before = readFileSync(page, "utf8")
  const [from, to] = [before.indexOf(start), before.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no place for what was measured: ${start}`)
  writeFileSync(page, `${before.slice(0, from + start.length)}\n\n${text}\n\n${before.slice(to)}`)
} finally {
  rmSync(folder, { recursive: true })
}
