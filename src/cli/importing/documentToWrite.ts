/** The file that gets what is imported: one that is there, one that is made, or a part of a folder. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { shellWord } from "../advice/shellWord.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { type FoundText, newDocument, readDocumentText } from "../document/documentText.ts"
import type { InputServices } from "../document/documentInputs.ts"
import { stdin } from "../InputFile.ts"
import type { ThingFlags } from "./thingsToImport.ts"
import { configOfTarget, targetOf } from "./writtenTarget.ts"
import { documentOfTargets } from "./writeResources.ts"

/** The file of a folder that gets what is imported. */
const partName = "imported.yaml"

export interface FileToWrite {
  /** How it is named to the user. */
  readonly named: string
  /** Its real path. */
  readonly file: string
  /** What is in it. Undefined where it is yet to be made. */
  readonly before: string | undefined
  /** What resources are added to. Undefined for a part that is yet to be made. */
  readonly text: string | undefined
  /** The whole document, if this file had that text. */
  readonly documentWith: (text: string | undefined) => FoundText
}

interface Flags extends ThingFlags {
  readonly into: string
  readonly targetConfig: Option.Option<string>
}

/** Finds the file, and makes nothing yet. */
export const fileToWrite = Effect.fnUntraced(function* (
  flags: Flags,
): Effect.fn.Return<FileToWrite, CommandFailure, InputServices> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { into } = flags
  const isThere = into === stdin || (yield* Effect.orElseSucceed(fs.exists(into), () => true))
  if (!isThere) return yield* fileToMake(flags)
  if (Option.isSome(flags.targetConfig)) {
    return yield* badInput(
      "TargetUnclear",
      `${into} has targets of its own: --target-config is for a document that is yet to be made. Name one of them with --target`,
    )
  }
  const found = yield* readDocumentText(into)
  const { place, text } = found
  if (place === null) {
    return yield* badInput("DocumentNotOneFile", `--into takes a file in YAML or JSON, or a folder of them, not a pipe`)
  }
  if (typeof text === "string") {
    const documentWith = (whole: string | undefined) => ({ ...found, text: whole ?? text })
    return { named: into, file: place, before: text, text, documentWith }
  }
  const named = path.join(into, partName)
  const part = text.find(({ file }) => file === named)?.text
  return {
    named,
    file: path.join(place, partName),
    before: part,
    text: part,
    documentWith: (whole) => {
      if (whole === undefined) return found
      if (part !== undefined) {
        return { ...found, text: text.map((one) => (one.file === named ? { ...one, text: whole } : one)) }
      }
      return { ...found, text: [...text, { file: named, text: whole }], files: [...found.files, partName] }
    },
  }
})

/** The same command, with a place that its reader has to change. */
const commandThatMakes = ({ into, label, nativeId, ofType, query, type }: Flags): string => {
  const each = (flag: string, values: ReadonlyArray<string>) => values.flatMap((value) => [flag, shellWord(value)])
  const named = [label, type, nativeId].flatMap(Option.toArray).map((word) => shellWord(word))
  const words = [...named, ...each("--type", ofType), ...each("--query", query), "--into", shellWord(into)]
  return `formae import ${words.join(" ")} --target-config '{"region":"eu-west-1"}'`
}

/** A document that is not there yet, with the target that the flags say. */
const fileToMake = Effect.fnUntraced(function* (flags: Flags) {
  const { into } = flags
  const config = Option.getOrUndefined(flags.targetConfig)
  const types = [...Option.toArray(flags.type), ...flags.ofType]
  if (config === undefined || !/\.(json|ya?ml)$/i.test(into)) {
    return yield* badInput(
      "FileUnreadable",
      config === undefined
        ? `The document ${into} does not exist. To have it made, say where the resources are: ${commandThatMakes(flags)}`
        : `The document ${into} does not exist, and is made only with a name that ends in .yaml, .yml or .json`,
    )
  }
  const { namespace } = yield* targetOf(types)
  const target = { namespace, config: yield* configOfTarget(config) }
  const name = Option.getOrElse(flags.target, () => namespace.toLowerCase())
  const text = documentOfTargets({ [name]: target }, /\.json$/i.test(into))
  const found = yield* newDocument(into, text)
  return {
    named: into,
    file: found.place ?? into,
    before: undefined,
    text,
    documentWith: (whole) => ({ ...found, text: whole ?? text }),
  } satisfies FileToWrite
})
