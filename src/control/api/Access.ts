/** Who may call the API, and how a request that cannot be read is answered. */
import * as Context from "effect/Context"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { BadRequest } from "./ApiFailure.ts"

/** Who has sent the request. */
export interface Caller {
  /** A name for people: that of the token, or of the user of the socket. */
  readonly name: string
  /** Whether it came over the socket of the agent's own user, where secrets may be in clear. */
  readonly isOwner: boolean
}

/** Who has sent the request that is handled. */
export const CurrentCaller = Context.Reference<Caller>("formae/control/api/CurrentCaller", {
  defaultValue: () => ({ name: "unknown", isOwner: false }),
})

/** Answers what does not decode with a `BadRequest` that says where it is wrong. */
export class ReadableRequest extends HttpApiMiddleware.Service<ReadableRequest>()(
  "formae/control/api/ReadableRequest",
  { error: BadRequest },
) {}
