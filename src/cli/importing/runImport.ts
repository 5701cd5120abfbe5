/** `formae import`: takes things that exist into a document, and prints the result. */
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import { type Agent, readText } from "../../agent/index.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { failed, refused } from "../agentFailures.ts"
import { CommandFailure } from "../CommandFailure.ts"
import { readFoundDocument } from "../DocumentFile.ts"
import type { DocumentFlags } from "../document/documentFlags.ts"
import type { InputServices } from "../document/documentInputs.ts"
import { fromStateFolder } from "../documentCommand.ts"
import { failureIn } from "../documentFailure.ts"
import { withJsonError } from "../printResult.ts"
import { type RunOptions, runOnAgent } from "../runOnAgent.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import { fileToWrite } from "./documentToWrite.ts"
import { importInto } from "./importInto.ts"
import { replaceDocument } from "./replaceDocument.ts"
import { type ThingFlags, thingsToImport } from "./thingsToImport.ts"

interface ImportFlags extends AgentFlags, DocumentFlags, ThingFlags {
  readonly into: string
  readonly targetConfig: Option.Option<string>
}

/** The values for parameters that a document has already. Others may be for those that it gets. */
const setsOf = (texts: ReadonlyArray<string>, sets: ReadonlyArray<string>): ReadonlyArray<string> => {
  const declared = texts.map((text) => {
    const read = readText(text)
    const value = read._tag === "Success" ? read.success.value : undefined
    return isRecord(value) && isRecord(value["parameters"]) ? value["parameters"] : {}
  })
  return sets.filter((one) => declared.some((parameters) => Object.hasOwn(parameters, one.split("=")[0] ?? "")))
}

/** Runs an import, and prints its result. */
export const runImport = Effect.fnUntraced(function* (flags: ImportFlags) {
  const said = withJsonError(flags.json, "import")
  const target = yield* said(fileToWrite(flags))
  const found = target.documentWith(target.text)
  const texts = typeof found.text === "string" ? [found.text] : found.text.map(({ text }) => text)
  const document = yield* said(readFoundDocument(flags.into, found, { ...flags, set: setsOf(texts, flags.set) }))
  const config = yield* said(readConfig(flags.config))
  const relativePath = yield* fromStateFolder(found.place ?? target.file, stateFileOf(flags, config))

  const run = Effect.fnUntraced(function* (agent: Agent["Service"], { withoutLiveLines }: RunOptions) {
    const context = yield* Effect.context<InputServices>()
    // Its secrets are asked for, where nobody has given them.
    const read = (text: string | undefined) =>
      withoutLiveLines(
        Effect.result(Effect.provideContext(readFoundDocument(flags.into, target.documentWith(text), flags), context)),
      ).pipe(
        Effect.flatMap(Effect.fromResult),
        Effect.map(({ forma, source }) => ({ forma, source: { ...source, relativePath } })),
      )
    return yield* importInto(agent, yield* thingsToImport(agent, document.forma, flags), {
      named: target.named,
      forma: document.forma,
      text: target.text,
      read,
      write: (text) => replaceDocument(target.file, target.before, text),
    })
  })

  return yield* runOnAgent("import", flags, run, (error) => {
    if (error instanceof CommandFailure) return error
    switch (error._tag) {
      case "ImportRefused":
        return refused(error)
      case "ChangeFailed":
        return failed(error)
      default:
        return failureIn(document)(error)
    }
  })
})
