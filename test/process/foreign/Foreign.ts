/** A plugin that was written without the SDK, as the tests need to know it. */
import * as Effect from "effect/Effect"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Properties } from "../../../src/protocol/Resource.ts"

export interface Foreign {
  readonly namespace: string
  /** The folder with its manifest. */
  readonly folder: () => string
  readonly targetIn: (folder: string) => Properties
  /** A type whose resources are created right away, and are known by name. */
  readonly now: {
    readonly type: string
    readonly properties: (name: string) => Properties
    readonly changed: (name: string) => Properties
    readonly refused: Properties
  }
  /** A type whose resources take a while to create. */
  readonly later: { readonly type: string; readonly properties: Properties }
  /** Completes all work in the folder that takes a while. */
  readonly finish: (folder: string) => void
  /** Makes creates in the folder fail with a recoverable code, until the function that it returns is called. */
  readonly obstruct: (folder: string) => () => void
}

export const hour = 3_600_000

export const manifestOf = ({ folder }: Foreign) =>
  JSON.parse(readFileSync(join(folder(), "formae-plugin.json"), "utf8"))
export const entryOf = (plugin: Foreign) => join(plugin.folder(), manifestOf(plugin).entry)

export const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-foreign-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true })),
)
