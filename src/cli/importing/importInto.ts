/** Takes things into the state and into a document: the state first, so that nothing is lost wherever it is cut off. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Agent, CommandResult, DocumentSource, Forma, ThingToImport } from "../../agent/index.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { additionOf } from "./draftedAddition.ts"
import { writeResources } from "./writeResources.ts"

/** A document that is read, with where it is. */
export interface ReadDocument {
  readonly forma: Forma
  readonly source: DocumentSource | undefined
}

/** The document that gets what is imported. */
export interface DocumentToWrite<R> {
  /** How its file is named to the user. */
  readonly named: string
  /** What it says now. */
  readonly forma: Forma
  /** The text of the file that gets the resources. Undefined for a part that is yet to be made. */
  readonly text: string | undefined
  /** What the document says with another text in that file. */
  readonly read: (text: string | undefined) => Effect.Effect<ReadDocument, CommandFailure, R>
  /** Writes that file. */
  readonly write: (text: string) => Effect.Effect<void, CommandFailure, R>
}

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

/** The result, which says what a plan would still do. What is in the document and in the state already is left as it is. */
export const importInto = Effect.fnUntraced(function* <R>(
  agent: Pick<Agent["Service"], "draftImport" | "import" | "plan">,
  things: ReadonlyArray<ThingToImport>,
  { forma, named, read, text, write }: DocumentToWrite<R>,
) {
  const present = new Map(forma.resources.map((one) => [one.label, one]))
  const missing = things.filter(({ label, type }) => present.get(label)?.type !== type)
  const after =
    missing.length === 0
      ? undefined
      : yield* Effect.fromResult(
          Result.mapError(writeResources(text, additionOf(yield* agent.draftImport(forma, missing))), (reason) =>
            badInput("DocumentNotWritable", `${named} was not written: ${reason}. Nothing was changed`),
          ),
        )
  const complete = yield* read(after ?? text)
  const document = complete.source
  const result = yield* agent.import(complete.forma, things, { document, isWritten: after === undefined })
  if (after !== undefined) {
    yield* write(after)
    yield* agent.import(complete.forma, things, { document, isWritten: true })
  }
  return withPlan(result, yield* agent.plan(complete.forma, { document }))
})
