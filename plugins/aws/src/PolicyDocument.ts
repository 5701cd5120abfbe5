/** Policies of IAM: JSON in a document, text in a request. IAM returns that text URL-encoded. */
import { Property, ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

export const PolicyDocument = Property.policyDocument(Schema.JsonObject)
export type PolicyDocument = typeof PolicyDocument.Type

const Text = Schema.fromJsonString(PolicyDocument)
const encode = Schema.encodeSync(Text)
const decode = Schema.decodeEffect(Text)

export const toText = (document: PolicyDocument): string => encode(document)

export const fromText = (text = ""): Effect.Effect<PolicyDocument, ProviderError> =>
  Effect.try({
    // A policy that is not URL-encoded begins with its brace.
    try: () => (text.trimStart().startsWith("{") ? text : decodeURIComponent(text)),
    catch: () => unreadable,
  }).pipe(Effect.flatMap((json) => Effect.mapError(decode(json), () => unreadable)))

const unreadable = ProviderError.of(
  "GeneralServiceException",
  "The service returned a policy that is not a JSON object",
)
