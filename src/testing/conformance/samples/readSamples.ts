import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { type PlacedIssue, placeIssues, readText, start } from "../../../agent/forma/LocatedText.ts"
import { locateIssues } from "../../../protocol/Issue.ts"
import { checkSamples } from "./checkSamples.ts"
import { Samples, SamplesInvalid } from "./Samples.ts"

const samplesFiles = ["formae-samples.yaml", "formae-samples.json"] as const

const decode = Schema.decodeUnknownEffect(Samples, { onExcessProperty: "error", errors: "all" })

/**
 * Reads samples from YAML or JSON. `file` is the name that issues are reported
 * under. Fails with `SamplesInvalid`, which has each issue with its line.
 */
export const readSamples = Effect.fnUntraced(function* (
  text: string,
  file: string,
): Effect.fn.Return<Samples, SamplesInvalid> {
  const invalid = (issues: ReadonlyArray<PlacedIssue>) => new SamplesInvalid({ file, issues })
  const { locate, value } = yield* Effect.mapError(Effect.fromResult(readText(text)), ({ message, position }) =>
    invalid([{ path: [], message, ...position }]),
  )
  if (value === null) return yield* invalid([{ path: [], message: "the file is empty; it needs samples", ...start }])
  const samples = yield* Effect.mapError(decode(value), ({ issue }) =>
    invalid(placeIssues(locateIssues(issue), locate)),
  )
  const issues = checkSamples(value, samples)
  if (issues.length > 0) return yield* invalid(placeIssues(issues, locate))
  return samples
})

/**
 * Reads the samples in a plugin's folder; undefined if it has no samples file.
 * Fails with `SamplesInvalid`, also if the file cannot be read.
 */
export const findSamples = Effect.fnUntraced(function* (
  directory: string,
): Effect.fn.Return<Samples | undefined, SamplesInvalid, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const name of samplesFiles) {
    const file = path.join(directory, name)
    const text = yield* Effect.result(fs.readFileString(file))
    if (text._tag === "Success") return yield* readSamples(text.success, file)
    if (text.failure.reason._tag !== "NotFound") {
      return yield* new SamplesInvalid({
        file,
        issues: [{ path: [], message: `it cannot be read: ${text.failure.message}` }],
      })
    }
  }
  return undefined
})
