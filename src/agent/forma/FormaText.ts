/** Reads a forma from JSON or YAML text, with the position of each part. */
import * as Effect from "effect/Effect"
import { isRecord } from "../../protocol/isRecord.ts"
import { documentDecoder } from "./documentDecoder.ts"
import type { Forma } from "./Forma.ts"
import { FormaDocument } from "./FormaDocument.ts"
import { objectionToName } from "./FormaName.ts"
import { FormaUnreadable } from "./FormaUnreadable.ts"
import { type DocumentText, locatedText } from "./joinDocuments.ts"
import { type LocatedText, placeIssues, start } from "./LocatedText.ts"
import type { DocumentInputs } from "./template/DocumentInputs.ts"
import { evaluateTemplate } from "./template/evaluateTemplate.ts"

/** A forma, and where its parts are in the text. */
export interface FormaSource {
  /** The forma, decoded and checked. */
  readonly forma: Forma
  /** Whether the text says the name. */
  readonly isNamed: boolean
  /** The position of a part of the document, or where it should be if it is missing. */
  readonly locate: LocatedText["locate"]
}

const nameless =
  'the document needs a name, because it does not come from a file that has one; write "name: NAME" into it'

const decodeDocument = documentDecoder(FormaDocument)

/**
 * Parses, evaluates, decodes and checks a forma. `defaultName` is its name if the
 * text has none; where that is undefined, the text must have one. Several texts
 * are the parts of one document, such as the files of a folder. `inputs` are the
 * values of its parameters, and what it may read. Fails with
 * `FormaUnreadable`, which has every issue that was found.
 *
 * @example
 * ```ts
 * import * as Console from "effect/Console"
 * import * as Effect from "effect/Effect"
 * import { formatPlaced, readForma } from "formae/agent"
 *
 * const read = (text: string) =>
 *   readForma(text, "network").pipe(
 *     Effect.tapError(({ issues }) => Effect.forEach(issues, (issue) => Console.error(formatPlaced(issue, "net.yaml")))),
 *   )
 * ```
 */
export const readForma = Effect.fnUntraced(function* <E = never>(
  text: string | ReadonlyArray<DocumentText>,
  defaultName: string | undefined,
  inputs: DocumentInputs<E> = {},
): Effect.fn.Return<FormaSource, FormaUnreadable | E> {
  const source = yield* located(text)
  if (source.value === null) {
    const message = "the document is empty; it needs targets and resources"
    return yield* new FormaUnreadable({ issues: [{ path: [], message, ...start }] })
  }
  const { locate, value } = yield* evaluateTemplate(source, inputs)
  const document = yield* Effect.mapError(
    decodeDocument(value),
    ({ issues }) => new FormaUnreadable({ issues: placeIssues(issues, locate) }),
  )
  const name = document.name?.normalize("NFC") ?? defaultName
  if (name === undefined)
    return yield* new FormaUnreadable({ issues: [{ path: ["name"], message: nameless, ...start }] })
  return { forma: { ...document, name }, isNamed: document.name !== undefined, locate }
})

const unclearName = "the name of the document is not written in it as a text; give the name itself"

/**
 * The name of the document in a text, or `defaultName` if it says none: without its
 * parameters, and whatever else is wrong with it. Fails with `FormaUnreadable`
 * where the text cannot be read, or has no name that can be one.
 */
export const readFormaName = (
  text: string | ReadonlyArray<DocumentText>,
  defaultName: string | undefined,
): Effect.Effect<string, FormaUnreadable> =>
  Effect.gen(function* () {
    const { locate, value } = yield* located(text)
    const said = isRecord(value) ? value["name"] : undefined
    const refuse = (message: string) =>
      new FormaUnreadable({ issues: placeIssues([{ path: ["name"], message }], locate) })
    if (said === undefined) return defaultName ?? (yield* refuse(nameless))
    if (typeof said !== "string") return yield* refuse(unclearName)
    const name = said.normalize("NFC")
    const objection = objectionToName(name)
    return objection === undefined ? name : yield* refuse(`the name ${objection}`)
  })

const located = (text: string | ReadonlyArray<DocumentText>): Effect.Effect<LocatedText, FormaUnreadable> =>
  Effect.mapError(Effect.fromResult(locatedText(text)), (issues) => new FormaUnreadable({ issues }))
