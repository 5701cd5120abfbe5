/** What `formae import --query` does, with an agent that is given, and steps around the write of the document. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Agent } from "../../../src/agent/Agent.ts"
import { readFoundDocument } from "../../../src/cli/DocumentFile.ts"
import { fileToWrite } from "../../../src/cli/importing/documentToWrite.ts"
import { importInto } from "../../../src/cli/importing/importInto.ts"
import { replaceDocument } from "../../../src/cli/importing/replaceDocument.ts"
import { thingsToImport } from "../../../src/cli/importing/thingsToImport.ts"
import { layerUnasked } from "../../../src/cli/trust/layerUnasked.ts"

export interface Importing {
  readonly into: string
  readonly query?: ReadonlyArray<string>
  readonly ofType?: ReadonlyArray<string>
  readonly targetConfig?: string
  readonly target?: string
  readonly set?: ReadonlyArray<string>
  /** Is reached before and after the file is written. */
  readonly step?: (name: string) => Effect.Effect<void>
}

const layerInputs = Layer.provideMerge(layerUnasked, NodeServices.layer)

/** A document as a command reads it. */
export const readInto = (into: string, set: ReadonlyArray<string> = []) =>
  Effect.gen(function* () {
    const { documentWith, text } = yield* fileToWrite({ ...none, into, ofType: [], query: [] })
    return yield* readFoundDocument(into, documentWith(text), { ...none, set, parameters: [], trust: [] })
  }).pipe(Effect.provide(layerInputs))

const none = {
  label: Option.none(),
  type: Option.none(),
  nativeId: Option.none(),
  target: Option.none(),
  targetConfig: Option.none(),
  name: Option.none(),
  env: Option.none(),
}

export const importAll = (
  agent: Agent["Service"],
  { into, ofType = [], query = [], set = [], step = () => Effect.void, target, targetConfig }: Importing,
) =>
  Effect.gen(function* () {
    const flags = {
      ...none,
      into,
      query,
      ofType,
      set: [],
      parameters: [],
      trust: [],
      target: Option.fromUndefinedOr(target),
      targetConfig: Option.fromUndefinedOr(targetConfig),
    }
    const file = yield* fileToWrite(flags)
    const { forma } = yield* readFoundDocument(into, file.documentWith(file.text), flags)
    return yield* importInto(agent, yield* thingsToImport(agent, forma, flags), {
      named: file.named,
      forma,
      text: file.text,
      read: (text) =>
        Effect.map(readFoundDocument(into, file.documentWith(text), { ...flags, set }), (read) => ({
          forma: read.forma,
          source: { ...read.source, relativePath: null },
        })),
      write: (text) =>
        step("the document, before").pipe(
          Effect.andThen(replaceDocument(file.file, file.before, text)),
          Effect.andThen(step("the document, after")),
        ),
    })
  }).pipe(Effect.provide(layerInputs))
