/** The errors of the API, as data. */
import * as Schema from "effect/Schema"
import { versioned } from "./version.ts"

/** What an error says. */
export const failure = {
  ...versioned,
  /** The name of the error. A program decides by it; an unknown one counts as a failure like any other. */
  code: Schema.String,
  /** What happened, for people. It shows no secrets. */
  message: Schema.String,
  /** The mistakes in what was sent, each with its path, and the resource type whose schema says so, if one does. */
  issues: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        path: Schema.Array(Schema.Union([Schema.String, Schema.Int])),
        message: Schema.String,
        type: Schema.optionalKey(Schema.String),
      }),
    ),
  ),
  /** The other facts of the error. */
  facts: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
}

/** An error as a value in an answer. */
export class ApiFailure extends Schema.Opaque<ApiFailure>()(
  Schema.Struct(failure).annotate({ identifier: "Failure" }),
) {}

/** The agent has understood the request, and does not do it: a command was refused, or what is meant does not exist. */
export class Refused extends Schema.TaggedError<Refused>("formae/control/api/Refused")("Refused", failure, {
  httpApiStatus: 409,
}) {}

/** The request is not one that the API takes. Nothing was done. */
export class BadRequest extends Schema.TaggedError<BadRequest>("formae/control/api/BadRequest")("BadRequest", failure, {
  httpApiStatus: 400,
}) {}

/** The facts of a `BadRequest` with fields that the agent does not know. */
export const UnknownRequestFacts = Schema.Struct({
  /** Their names. */
  unknownFields: Schema.Array(Schema.String),
  /** The version of formae that the agent is: a newer one may know them. */
  agentVersion: Schema.String,
})

/** There is no such thing, or it is not kept any more. */
export class NotFound extends Schema.TaggedError<NotFound>("formae/control/api/NotFound")("NotFound", failure, {
  httpApiStatus: 404,
}) {}

/** The caller may not do that. */
export class Denied extends Schema.TaggedError<Denied>("formae/control/api/Denied")("Denied", failure, {
  httpApiStatus: 403,
}) {}

/** The caller has shown no token, or one that the agent does not know. */
export class Unauthorized extends Schema.TaggedError<Unauthorized>("formae/control/api/Unauthorized")(
  "Unauthorized",
  failure,
  { httpApiStatus: 401 },
) {}

/** The body of the request is larger or deeper than the API takes. */
export class TooLarge extends Schema.TaggedError<TooLarge>("formae/control/api/TooLarge")("TooLarge", failure, {
  httpApiStatus: 413,
}) {}

/** The request was meant for another server. */
export class Misdirected extends Schema.TaggedError<Misdirected>("formae/control/api/Misdirected")(
  "Misdirected",
  failure,
  { httpApiStatus: 421 },
) {}

/** The agent has too much to do, or ends. The same request may be sent again later. */
export class Unavailable extends Schema.TaggedError<Unavailable>("formae/control/api/Unavailable")(
  "Unavailable",
  failure,
  { httpApiStatus: 503 },
) {}

/** The code of `Unavailable` where the agent does not reach the server of its state now. */
export const stateAway = "StateAway"

/** All errors that an endpoint may answer with. */
export const apiErrors = [
  BadRequest,
  Denied,
  Misdirected,
  NotFound,
  Refused,
  TooLarge,
  Unauthorized,
  Unavailable,
] as const

/** An error that an endpoint may answer with. */
export type ApiError = (typeof apiErrors)[number]["Type"]
