/** What the API says of the agent and of its state. */
import * as Schema from "effect/Schema"
import { ApiDocument } from "./ApiCommand.ts"
import { ApiFailure } from "./ApiFailure.ts"
import { ApiNote, ApiResource } from "./ApiResult.ts"
import { versioned } from "./version.ts"

/** Which agent answers. */
export class ApiAgent extends Schema.Opaque<ApiAgent>()(
  Schema.Struct({
    ...versioned,
    /** The version of formae. */
    agentVersion: Schema.String,
    /** The versions of the API that it speaks, the oldest and the newest. */
    api: Schema.Struct({ min: Schema.Int, max: Schema.Int }),
    pid: Schema.Int,
    /** Its state. Null where it has no file. */
    stateFile: Schema.NullOr(Schema.String),
    /** The URL at which it listens beside its socket, where it does. */
    address: Schema.optionalKey(Schema.String),
    /** In milliseconds since 1970. */
    startedAt: Schema.Finite,
    /** The number of the last event. */
    lastEvent: Schema.Int,
  }).annotate({ identifier: "Agent" }),
) {}

/** What the state knows of one resource. It holds no secret. The fields are those of `formae show --json`. */
export class ApiReport extends Schema.Opaque<ApiReport>()(
  Schema.StructWithRest(Schema.Struct({ ...versioned, forma: Schema.String, label: Schema.String }), [
    Schema.Record(Schema.String, Schema.Json),
  ]).annotate({ identifier: "Report" }),
) {}

/** Which key the state gets. */
export class ApiRotation extends Schema.Opaque<ApiRotation>()(
  Schema.Struct({
    /** One that the agent makes. */
    key: Schema.Literal("new"),
  }).annotate({ identifier: "Rotation" }),
) {}

/** What a change of the key of the state has done. */
export class ApiRotated extends Schema.Opaque<ApiRotated>()(
  Schema.Struct({
    ...versioned,
    /** The file of the key, and the one with the keys of before. */
    key: Schema.String,
    earlier: Schema.String,
    /** How many values were locked again, and how many could not be opened. */
    relocked: Schema.Int,
    left: Schema.Int,
  }).annotate({ identifier: "Rotated" }),
) {}

/** Where a plugin stands. New states may be added. */
export class ApiPlugin extends Schema.Opaque<ApiPlugin>()(
  Schema.Struct({
    name: Schema.String,
    namespace: Schema.String,
    version: Schema.String,
    /** Such as `Ready`, `Idle`, `Recycling`, `Restarting`, `Quarantined` or `Disabled`. */
    state: Schema.String,
    /** The number of the launch that it is about. */
    generation: Schema.optionalKey(Schema.Int),
    /** Why, in words that follow the name. */
    reason: Schema.optionalKey(Schema.String),
    /** When it is started again, in milliseconds since 1970. */
    nextAt: Schema.optionalKey(Schema.Finite),
  }).annotate({ identifier: "Plugin" }),
) {}

/** Whether a quarantine was ended. */
export class ApiReleased extends Schema.Opaque<ApiReleased>()(
  Schema.Struct({
    ...versioned,
    /** False where the plugin was not quarantined, or there is none of this name. */
    wasQuarantined: Schema.Boolean,
  }).annotate({ identifier: "Released" }),
) {}

/** The plugins of the agent. */
export class ApiPluginList extends Schema.Opaque<ApiPluginList>()(
  Schema.Struct({ ...versioned, plugins: Schema.Array(ApiPlugin) }).annotate({ identifier: "PluginList" }),
) {}

/**
 * A line of the inventory as a stream: first what is unfinished, then each
 * resource, and at last `end`. A stream without that line is cut off. `error`
 * says why it could not be read to its end.
 */
export const ApiInventoryLine = Schema.Union([
  Schema.Struct({ ...versioned, notes: Schema.Array(ApiNote) }),
  Schema.Struct({ resource: ApiResource }),
  Schema.Struct({ error: ApiFailure }),
  Schema.Struct({ end: Schema.Literal(true) }),
])
export type ApiInventoryLine = typeof ApiInventoryLine.Type | never

/** Which outputs are meant. */
export class ApiOutputsQuery extends Schema.Opaque<ApiOutputsQuery>()(
  Schema.Struct({
    /** `document.name`, the name of a document, or that of an output which only one document has. */
    name: Schema.optionalKey(Schema.String),
    /** Whether to give the value of a secret too: only on the socket of the agent's own user. */
    withSecret: Schema.optionalKey(Schema.Boolean),
  }).annotate({ identifier: "OutputsQuery" }),
) {}

/** What to plan. */
export class ApiPlanRequest extends Schema.Opaque<ApiPlanRequest>()(
  Schema.Struct({
    /** The forma as its document says it. */
    forma: Schema.Record(Schema.String, Schema.Json),
    document: Schema.optionalKey(ApiDocument),
    /** The labels that the plan is limited to. */
    only: Schema.optionalKey(Schema.Array(Schema.String)),
  }).annotate({ identifier: "PlanRequest" }),
) {}

/** What a sync reads. Everything, if it is left out. */
export class ApiSyncRequest extends Schema.Opaque<ApiSyncRequest>()(
  Schema.Struct({
    /** The name of a forma, or its name with the targets by which its resources are reached. */
    forma: Schema.optionalKey(Schema.Union([Schema.String, Schema.Record(Schema.String, Schema.Json)])),
    document: Schema.optionalKey(ApiDocument),
    /** Only the resources with these labels. */
    labels: Schema.optionalKey(Schema.Array(Schema.String)),
    /** Whether to set back what has drifted in resources with `drift: repair`. Notes say what was done. */
    repair: Schema.optionalKey(Schema.Boolean),
  }).annotate({ identifier: "SyncRequest" }),
) {}

/** Which resources are meant. All, if it is left out. */
export class ApiSelection extends Schema.Opaque<ApiSelection>()(
  Schema.Struct({
    /** The name of a forma. */
    forma: Schema.optionalKey(Schema.String),
    labels: Schema.optionalKey(Schema.Array(Schema.String)),
  }).annotate({ identifier: "Selection" }),
) {}
