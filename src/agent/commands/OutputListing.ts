/** Lists the outputs that the state has. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { knownNames } from "../forma/nearestName.ts"
import { DocumentOutputs, type OutputsError } from "../records/DocumentOutputs.ts"
import type { AgentUnreachable } from "./AgentUnreachable.ts"
import { type CommandResult, makeCommandResult } from "./CommandResult.ts"
import type { ShownOutput } from "./OutputValues.ts"

/** Which outputs are meant. */
export interface OutputsQuery {
  /** `document.name`, the name of a document, or that of an output which only one document has. All of them if it is left out. */
  readonly name?: string | undefined
  /** Whether to give the value of a secret too. Only where `name` is that of a single output. */
  readonly withSecret?: boolean | undefined
}

/** The state has no such output. */
export class OutputNotFound extends Schema.TaggedError<OutputNotFound>("formae/agent/commands/OutputNotFound")(
  "OutputNotFound",
  {
    /** The name that was looked for. */
    name: Schema.String,
    /** The outputs that there are, each as `document.name`. */
    known: Schema.Array(Schema.String),
    /** Whether several documents have an output of this name. */
    isAmbiguous: Schema.Boolean,
  },
) {
  override get message(): string {
    return this.isAmbiguous
      ? `Several documents have an output ${this.name}: ${this.known.join(", ")}. Name the document too`
      : `The state has no output ${this.name}; ${knownNames(this.name, "outputs", this.known)}`
  }
}

/** Lists outputs as they are shown. */
export type ListOutputs = (
  query?: OutputsQuery,
) => Effect.Effect<CommandResult, AgentUnreachable | OutputNotFound | OutputsError>

export const makeOutputListing = Effect.gen(function* () {
  const outputs = yield* DocumentOutputs
  return Effect.fn("Agent.outputs")(function* ({ name, withSecret = false }: OutputsQuery = {}): Effect.fn.Return<
    CommandResult,
    OutputNotFound | OutputsError
  > {
    const { damaged, readable } = yield* outputs.list
    const all = readable.flatMap((document) =>
      Object.entries(document.outputs).map(([own, stored]) => ({
        document: document.forma,
        own,
        full: `${document.forma}.${own}`,
        stored,
      })),
    )
    const named = name === undefined ? all : all.filter(({ document, full }) => full === name || document === name)
    if (named.length === 0 || name === undefined) {
      const meant = damaged.find(({ forma }) => name === forma || name?.startsWith(`${forma}.`) === true)
      if (meant !== undefined) return yield* meant.error
      // No document is named, so these would have been looked through too.
      yield* Effect.forEach(damaged, ({ error }) => Effect.logWarning(error.message), { discard: true })
    }
    const found = name !== undefined && named.length === 0 ? all.filter(({ own }) => own === name) : named
    if (name !== undefined && (found.length === 0 || (named.length === 0 && found.length > 1))) {
      const known = (found.length === 0 ? all : found).map(({ full }) => full)
      return yield* new OutputNotFound({ name, known, isAmbiguous: found.length > 1 })
    }
    const isOne = name !== undefined && found.length === 1 && found[0]?.document !== name
    const shown = yield* Effect.forEach(found, ({ full, stored }) =>
      Effect.map(
        "locked" in stored && !(withSecret && isOne)
          ? Effect.succeed<ShownOutput>({ secret: true })
          : Effect.map(outputs.open(stored), (value): ShownOutput => ({ value })),
        (one) => [full, one] as const,
      ),
    )
    return { ...makeCommandResult("output", []), outputs: Object.fromEntries(shown) }
  })
})
