/** Request ids: what `status` must know, as JSON, so that a later version of the plugin can read it too. */
import { ProviderError } from "formae/plugin"
import { describeIssue, type RequestId } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

export const acceptedWork = <Work>(schema: Schema.Codec<Work, string>) => {
  const encode = Schema.encodeEffect(schema)
  const decode = Schema.decodeEffect(schema)
  return {
    write: (work: Work): Effect.Effect<string> => Effect.orDie(encode(work)),
    read: (requestId: RequestId): Effect.Effect<Work, ProviderError> =>
      Effect.mapError(decode(requestId), ({ issue }) =>
        ProviderError.of("InvalidRequest", `request id: ${describeIssue(issue)}`),
      ),
  }
}
