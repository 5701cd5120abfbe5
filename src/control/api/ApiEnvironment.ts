/** Whether a caller means what the agent does: a plugin sees the environment and the folder of its agent, and not those of the caller. */
import * as Schema from "effect/Schema"
import { versioned } from "./version.ts"

/** The environment and the folder of a caller. No value can be read from it. */
export class ApiEnvironment extends Schema.Opaque<ApiEnvironment>()(
  Schema.Struct({
    /** The real path of its folder. */
    folder: Schema.String,
    /** A random text that the digests are made with. */
    salt: Schema.NonEmptyString,
    /** The HMAC-SHA-256 of the value of each variable, keyed with the salt, in hexadecimal digits. */
    variables: Schema.Record(Schema.String, Schema.String),
  }).annotate({ identifier: "Environment" }),
) {}

/** What is different for the agent, as far as it matters to its plugins. */
export class ApiEnvironmentDifference extends Schema.Opaque<ApiEnvironmentDifference>()(
  Schema.Struct({
    ...versioned,
    /** The names of the variables. */
    variables: Schema.Array(Schema.String),
    /** The folder of the agent, if it is another one. */
    folder: Schema.optionalKey(Schema.String),
  }).annotate({ identifier: "EnvironmentDifference" }),
) {}
