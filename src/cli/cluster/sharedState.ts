/** The state that the runners of a cluster share: on a server, because a file has one host. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { parsePostgresUrl } from "../../agent/store/postgres/PostgresAddress.ts"
import { badInput } from "../CommandFailure.ts"
import { withPassword } from "../postgres/serverPassword.ts"

/** Its address with the password, and its schema. Fails where it is none that runners could share. */
export const sharedState = Effect.fnUntraced(function* (state: string) {
  const parsed = parsePostgresUrl(state)
  if (Result.isFailure(parsed)) {
    return yield* badInput(
      "ClusterRefused",
      `The runners of a cluster share a state on Postgres, and ${state} is a file of this host. Name one by --state or FORMAE_STATE, such as postgres://ROLE@HOST/DATABASE`,
    )
  }
  const { schema, url } = parsed.success
  const whole = Effect.catch(withPassword(url), ({ message }) => badInput("ClusterRefused", message))
  return { schema, url: yield* whole }
})
