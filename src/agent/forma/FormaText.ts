/** Reads a forma from JSON or YAML text, with the position of each part. */
import * as Effect from "effect/Effect"
import { documentDecoder } from "./documentDecoder.ts"
import type { Forma } from "./Forma.ts"
import { FormaDocument } from "./FormaDocument.ts"
import { FormaUnreadable } from "./FormaUnreadable.ts"
import { type LocatedText, placeIssues, readText, start } from "./LocatedText.ts"
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
  'the document needs a name, because it does not come from a file that has one: write "name: NAME" into it'

const decodeDocument = documentDecoder(FormaDocument)

/**
 * Parses, evaluates, decodes and checks a forma. `defaultName` is its name if the
 * text has none; where that is undefined, the text must have one. `inputs` are
 * the values of its parameters, and what it may read. Fails with
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
  text: string,
  defaultName: string | undefined,
  inputs: DocumentInputs<E> = {},
): Effect.fn.Return<FormaSource, FormaUnreadable | E> {
  const located = yield* Effect.mapError(
    Effect.fromResult(readText(text)),
    ({ message, position }) => new FormaUnreadable({ issues: [{ path: [], message, ...position }] }),
  )
  if (located.value === null) {
    const message = "the document is empty; it needs targets and resources"
    return yield* new FormaUnreadable({ issues: [{ path: [], message, ...start }] })
  }
  const { locate } = located
  const document = yield* Effect.mapError(
    decodeDocument(yield* evaluateTemplate(located, inputs)),
    ({ issues }) => new FormaUnreadable({ issues: placeIssues(issues, locate) }),
  )
  const name = document.name?.normalize("NFC") ?? defaultName
  if (name === undefined)
    return yield* new FormaUnreadable({ issues: [{ path: ["name"], message: nameless, ...start }] })
  return { forma: { ...document, name }, isNamed: document.name !== undefined, locate }
})
