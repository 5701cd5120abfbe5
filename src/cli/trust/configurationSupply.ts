/** A configuration file that a folder supplies. */
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { shownValue } from "../../agent/configuration/shownValue.ts"
import type { FoundFile } from "../config/configurationFile.ts"
import { shortName } from "./questionLines.ts"
import type { Supply } from "./Supply.ts"

/** A question is read, and not scrolled. */
const mostLines = 40

const linesOf = ({ settings }: FoundFile): ReadonlyArray<string> => {
  const lines = settings.map(({ path, value }) => shortName(`${path.join(".")}: ${shownValue(path, value)}`))
  if (lines.length === 0) return ["sets nothing"]
  const more = lines.length - mostLines
  return more > 0 ? [...lines.slice(0, mostLines), `and ${more} more`] : lines
}

/** The sum is that of the text that was read, so that it is this that is used. */
export const configurationSupply = Effect.fnUntraced(function* (found: FoundFile) {
  const fs = yield* FileSystem.FileSystem
  const real = yield* Effect.orElseSucceed(fs.realPath(found.file), () => found.file)
  const supply: Supply = {
    kind: "configuration",
    path: real,
    title: `the configuration ${real}`,
    owned: [found.folder, real],
    sums: Effect.map(
      Effect.orDie(
        Effect.provide(
          Digest.Digest.use((digest) => digest.digestHex(Digest.sha256, new TextEncoder().encode(found.text))),
          Digest.layerWebCrypto,
        ),
      ),
      (sum) => ({ "its content": sum }),
    ),
    details: Effect.succeed(linesOf(found)),
  }
  return supply
})
