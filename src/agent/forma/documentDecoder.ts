/** Decodes the document of a forma, and checks it by itself: all that can be known without a plugin. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { locateIssues } from "../../protocol/Issue.ts"
import { checkForma } from "./FormaCheck.ts"
import { fieldIssues } from "./fieldIssues.ts"
import { documentFieldsAt, type FormaDocument, FormaInvalid } from "./FormaDocument.ts"

/** The decoder of a document's schema. Fails with everything that is wrong: first with the shape, then with the content. */
export const documentDecoder = <Document extends FormaDocument>(schema: Schema.Codec<Document, unknown>) => {
  const decode = Schema.decodeUnknownEffect(schema, { onExcessProperty: "error", errors: "all" })
  return Effect.fnUntraced(function* (value: unknown): Effect.fn.Return<Document, FormaInvalid> {
    const document = yield* Effect.mapError(
      decode(value),
      ({ issue }) => new FormaInvalid({ issues: fieldIssues(locateIssues(issue), documentFieldsAt, value) }),
    )
    const issues = checkForma(document)
    return issues.length === 0 ? document : yield* new FormaInvalid({ issues })
  })
}
