/** Takes things that exist into a document: the state first, then the file, so that nothing is lost wherever it is cut off. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import {
  type Agent,
  type CommandResult,
  type DocumentSource,
  type Forma,
  readText,
  type ThingToImport,
} from "../../agent/index.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { failed, refused } from "../agentFailures.ts"
import { badInput, CommandFailure } from "../CommandFailure.ts"
import { readFoundDocument } from "../DocumentFile.ts"
import type { DocumentFlags } from "../document/documentFlags.ts"
import type { InputServices } from "../document/documentInputs.ts"
import { readDocumentText } from "../document/documentText.ts"
import { fromStateFolder } from "../documentCommand.ts"
import { failureIn } from "../documentFailure.ts"
import { withJsonError } from "../printResult.ts"
import { type RunOptions, runOnAgent } from "../runOnAgent.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import { additionOf } from "./draftedAddition.ts"
import { replaceDocument } from "./replaceDocument.ts"
import { type ThingFlags, thingsToImport } from "./thingsToImport.ts"
import { writeResources } from "./writeResources.ts"

interface ImportFlags extends AgentFlags, DocumentFlags, ThingFlags {
  readonly into: string
}

type Source = Omit<DocumentSource, "hasMoved" | "relativePath">

/** Says beside a result what a plan would still do to what was imported. */
const withPlan = (result: CommandResult, planned: CommandResult): CommandResult => {
  const changes = new Map(planned.resources.map((one) => [one.label, one]))
  return {
    ...result,
    resources: result.resources.map((one) => {
      const change = changes.get(one.label)
      return change === undefined || change.operation === "noop"
        ? one
        : { ...one, changed: change.changed, ...(change.changes === undefined ? {} : { changes: change.changes }) }
    }),
  }
}

/** The values for parameters that a document has already. Others may be for those that it gets. */
const setsOf = (text: string, sets: ReadonlyArray<string>): ReadonlyArray<string> => {
  const read = readText(text)
  const value = read._tag === "Success" ? read.success.value : undefined
  const declared = isRecord(value) && isRecord(value["parameters"]) ? value["parameters"] : {}
  return sets.filter((one) => Object.hasOwn(declared, one.split("=")[0] ?? ""))
}

/** Runs an import, and prints its result. */
export const runImport = Effect.fnUntraced(function* (flags: ImportFlags) {
  const said = withJsonError(flags.json, "import")
  const found = yield* said(readDocumentText(flags.into))
  const { place, text } = found
  if (typeof text !== "string" || place === null) {
    return yield* said(
      Effect.fail(
        badInput("DocumentNotOneFile", `--into takes one file in YAML or JSON, and ${flags.into} is not one`),
      ),
    )
  }
  const document = yield* said(readFoundDocument(flags.into, found, { ...flags, set: setsOf(text, flags.set) }))
  const config = yield* said(readConfig(flags.config))
  const relativePath = yield* fromStateFolder(place, stateFileOf(flags, config))
  const sourceOf = (source: Source): DocumentSource => ({ ...source, relativePath })

  /** The forma with the resources in it, and what is to be written for that. */
  const written = Effect.fnUntraced(function* (
    agent: Agent["Service"],
    things: ReadonlyArray<ThingToImport>,
    { withoutLiveLines }: RunOptions,
  ) {
    const present = new Map(document.forma.resources.map((one) => [one.label, one]))
    const isThere = ({ label, type }: ThingToImport) => present.get(label)?.type === type
    const missing = things.filter((one) => !isThere(one))
    const context = yield* Effect.context<InputServices>()
    // Its secrets are asked for, where nobody has given them.
    const read = (whole: string) =>
      Effect.flatMap(
        withoutLiveLines(
          Effect.result(
            Effect.provideContext(readFoundDocument(flags.into, { ...found, text: whole }, flags), context),
          ),
        ),
        Effect.fromResult,
      )
    if (missing.length === 0) return { document: yield* read(text), after: undefined }
    const after = Result.getOrElse(
      writeResources(text, additionOf(yield* agent.draftImport(document.forma, missing))),
      (reason) => badInput("DocumentNotWritable", `${flags.into} was not written: ${reason}. Nothing was changed`),
    )
    if (typeof after !== "string") return yield* after
    return { document: yield* read(after), after }
  })

  const run = Effect.fnUntraced(function* (agent: Agent["Service"], options: RunOptions) {
    const things = yield* thingsToImport(agent, document.forma, flags)
    const { after, document: complete } = yield* written(agent, things, options)
    const taking = (forma: Forma, isWritten: boolean) =>
      agent.import(forma, things, { document: sourceOf(complete.source), isWritten })
    const result = yield* taking(complete.forma, after === undefined)
    if (after !== undefined) {
      yield* replaceDocument(place, text, after)
      yield* taking(complete.forma, true)
    }
    return withPlan(result, yield* agent.plan(complete.forma, { document: sourceOf(complete.source) }))
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
