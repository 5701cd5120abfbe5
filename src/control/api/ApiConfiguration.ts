/** The configuration of an agent, as its API gives it and changes it. */
import * as Schema from "effect/Schema"
import { versioned } from "./version.ts"

/** One setting that holds. */
const setting = Schema.Struct({
  /** The keys that lead to it. */
  path: Schema.Array(Schema.String),
  /** Its value. `{ "secret": true }` stands for what may be secret. */
  value: Schema.Json,
  /** Where it was given, in words, such as `formae.config.yaml:3:5` or `default`. */
  from: Schema.String,
})

/** What holds in the configuration of the agent. */
export class ApiConfiguration extends Schema.Opaque<ApiConfiguration>()(
  Schema.Struct({ ...versioned, settings: Schema.Array(setting) }).annotate({ identifier: "Configuration" }),
) {}

/** Values that hold until the agent ends, over what its file, its variables and its flags say. */
export class ApiConfigurationRequest extends Schema.Opaque<ApiConfigurationRequest>()(
  Schema.Struct({
    /** As in a configuration file. What was set in this way before and is left out holds no more. */
    configuration: Schema.Record(Schema.String, Schema.Json),
  }).annotate({ identifier: "ConfigurationRequest" }),
) {}

/** What has changed. */
export class ApiConfigurationChanges extends Schema.Opaque<ApiConfigurationChanges>()(
  Schema.Struct({
    ...versioned,
    changed: Schema.Array(
      Schema.Struct({
        what: Schema.String,
        from: Schema.NullOr(Schema.String),
        to: Schema.NullOr(Schema.String),
        by: Schema.String,
      }),
    ),
  }).annotate({ identifier: "ConfigurationChanges" }),
) {}
