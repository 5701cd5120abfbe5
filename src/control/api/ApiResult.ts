/** What a command has done or would do, as the API says it. */
import * as Schema from "effect/Schema"
import { ApiFailure } from "./ApiFailure.ts"
import { versioned } from "./version.ts"

const facts = Schema.Record(Schema.String, Schema.Json)

const openOperation = Schema.Struct({
  operationId: Schema.String,
  kind: Schema.String,
  forma: Schema.String,
  label: Schema.String,
})

/** Why something was not done to a resource. */
export const apiChangeError = Schema.Struct({
  code: Schema.String,
  message: Schema.String,
  plugin: Schema.optionalKey(Schema.String),
  openOperation: Schema.optionalKey(openOperation),
})

/** One place that a plan changes. A value that is secret is `{ "secret": true }`. */
export class ApiPropertyChange extends Schema.Opaque<ApiPropertyChange>()(
  Schema.Struct({
    path: Schema.String,
    before: Schema.optionalKey(Schema.Json),
    after: Schema.optionalKey(Schema.Json),
    secret: Schema.optionalKey(Schema.Boolean),
    secretBefore: Schema.optionalKey(Schema.Boolean),
    knownLater: Schema.optionalKey(Schema.Boolean),
    forcesReplacement: Schema.optionalKey(Schema.Boolean),
    changedOutside: Schema.optionalKey(Schema.Boolean),
  }).annotate({ identifier: "PropertyChange" }),
) {}

/** The care with which a resource is treated. */
export class ApiCare extends Schema.Opaque<ApiCare>()(
  Schema.Struct({
    protect: Schema.optionalKey(Schema.Boolean),
    retain: Schema.optionalKey(Schema.Boolean),
    ignore: Schema.optionalKey(Schema.Array(Schema.String)),
    drift: Schema.optionalKey(Schema.String),
  }).annotate({ identifier: "Care" }),
) {}

/** A place that is not as it was wanted, since when, in milliseconds since 1970. */
export class ApiDriftedPlace extends Schema.Opaque<ApiDriftedPlace>()(
  Schema.Struct({
    path: Schema.String,
    wanted: Schema.optionalKey(Schema.Json),
    found: Schema.optionalKey(Schema.Json),
    secret: Schema.optionalKey(Schema.Boolean),
    createOnly: Schema.optionalKey(Schema.Boolean),
    since: Schema.Finite,
  }).annotate({ identifier: "DriftedPlace" }),
) {}

/** What a command has done to one resource, or would do to it. The fields are those of `--json`. */
export class ApiResource extends Schema.Opaque<ApiResource>()(
  Schema.Struct({
    label: Schema.String,
    type: Schema.String,
    operation: Schema.String,
    status: Schema.String,
    nativeId: Schema.NullOr(Schema.String),
    attempts: Schema.Int,
    crashes: Schema.Array(Schema.Struct({ at: Schema.Finite, message: Schema.String })),
    durationMillis: Schema.Int,
    error: Schema.NullOr(apiChangeError),
    changed: Schema.Array(Schema.String),
    changes: Schema.optionalKey(Schema.Array(ApiPropertyChange)),
    openOperation: Schema.optionalKey(openOperation),
    deletedOutside: Schema.optionalKey(Schema.Boolean),
    asksDrift: Schema.optionalKey(Schema.Array(Schema.String)),
    forcedBy: Schema.optionalKey(Schema.Array(Schema.String)),
    seenOutside: Schema.optionalKey(Schema.Array(Schema.String)),
    movedFrom: Schema.optionalKey(Schema.String),
    sharedWith: Schema.optionalKey(Schema.String),
    changedCare: Schema.optionalKey(ApiCare),
    outputs: Schema.optionalKey(facts),
    drift: Schema.optionalKey(
      Schema.Struct({
        readAt: Schema.Finite,
        goneSince: Schema.optionalKey(Schema.Finite),
        places: Schema.Array(ApiDriftedPlace),
        policy: Schema.String,
      }),
    ),
    forma: Schema.optionalKey(Schema.String),
  }).annotate({ identifier: "Resource" }),
) {}

/** What is worth knowing beside a result. `_tag` says what; its other fields are the facts. */
export class ApiNote extends Schema.Opaque<ApiNote>()(
  Schema.StructWithRest(Schema.Struct({ _tag: Schema.String }), [facts]).annotate({ identifier: "Note" }),
) {}

/** What a command was limited to. */
export class ApiOnly extends Schema.Opaque<ApiOnly>()(
  Schema.Struct({
    /** The labels that were chosen. */
    labels: Schema.Array(Schema.String),
    /** What was added for their sake: for that of `by`. */
    added: Schema.Array(Schema.Struct({ label: Schema.String, by: Schema.String, reason: Schema.String })),
    /** How many resources there are in all. */
    of: Schema.Int,
  }).annotate({ identifier: "Only" }),
) {}

/** The result of a command. */
export class ApiResult extends Schema.Opaque<ApiResult>()(
  Schema.Struct({
    ...versioned,
    command: Schema.String,
    status: Schema.String,
    resources: Schema.Array(ApiResource),
    outputs: Schema.optionalKey(
      Schema.Record(
        Schema.String,
        Schema.Union([Schema.Struct({ value: Schema.Json }), Schema.Struct({ secret: Schema.Literal(true) })]),
      ),
    ),
    outputChanges: Schema.optionalKey(Schema.Array(ApiPropertyChange)),
    only: Schema.optionalKey(ApiOnly),
    read: Schema.optionalKey(Schema.Int),
    error: Schema.optionalKey(ApiFailure),
    note: Schema.optionalKey(Schema.String),
    notes: Schema.optionalKey(Schema.Array(ApiNote)),
  }).annotate({ identifier: "Result" }),
) {}
