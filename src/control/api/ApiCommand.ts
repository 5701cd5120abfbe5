/** A command of the API: what is asked for, and what has become of it. */
import * as Schema from "effect/Schema"
import { ApiThing } from "./ApiImport.ts"
import { ApiFailure } from "./ApiFailure.ts"
import { ApiOnly, ApiPropertyChange, ApiResource, ApiResult } from "./ApiResult.ts"
import { versioned } from "./version.ts"

/** A forma as its document says it, decoded by the agent, which says what is wrong with it. */
const Forma = Schema.Record(Schema.String, Schema.Json)

const wanted = Schema.Struct({
  label: Schema.String,
  type: Schema.String,
  properties: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
})

/** Where a document was read. */
export class ApiDocument extends Schema.Opaque<ApiDocument>()(
  Schema.Struct({
    /** Its absolute path. Null where it has none. */
    path: Schema.NullOr(Schema.String),
    /** The path from the folder of the state file. */
    relativePath: Schema.NullOr(Schema.String),
    /** Whether the document or its user says its name. */
    isNamed: Schema.Boolean,
    /** The name that formae 0.1.0 made of the name of its file, and the documents next to it with that name. */
    earlier: Schema.optionalKey(
      Schema.Struct({
        name: Schema.String,
        siblings: Schema.Array(Schema.Struct({ path: Schema.String, resources: Schema.Array(wanted) })),
      }),
    ),
    /** The user says that it is the document that the state knows from another place. */
    hasMoved: Schema.optionalKey(Schema.Boolean),
    /** What it wants. */
    resources: Schema.Array(wanted),
  }).annotate({ identifier: "Document" }),
) {}

const document = Schema.optionalKey(ApiDocument)
const confirm = Schema.optionalKey(Schema.Boolean)
const only = Schema.optionalKey(Schema.Array(Schema.String))
/** Which drift it may overwrite or delete where the document asks: that of these labels, or what the answer says yes to. */
const acceptDrift = Schema.optionalKey(Schema.Union([Schema.Array(Schema.String), Schema.Literal("confirmed")]))
const whenInUse = Schema.optionalKey(Schema.Literals(["wait", "refuse"]))
const name = { label: Schema.String, forma: Schema.optionalKey(Schema.String) }

/**
 * A command that is asked for.
 *
 * - `apply`: makes resources as `forma` wants them. With `confirm`, asks before
 *   it does anything. With `expected`, does only what this plan shows.
 * - `destroy`: deletes what the forma has created.
 * - `resume`: continues what was cut off or canceled.
 * - `adopt`, `forget`: settle an operation whose end only a human can find out.
 * - `mv`: gives a resource another label.
 * - `import`: takes things that exist into the state, as the forma has them.
 */
export const ApiCommand = Schema.Union([
  Schema.Struct({
    command: Schema.Literal("apply"),
    forma: Forma,
    document,
    confirm,
    acceptDrift,
    only,
    whenInUse,
    expected: Schema.optionalKey(Schema.Array(ApiResource)),
    /** With `expected`: the output changes that the plan shows. Left out, outputs are not compared. */
    expectedOutputs: Schema.optionalKey(Schema.Array(ApiPropertyChange)),
  }),
  Schema.Struct({ command: Schema.Literal("destroy"), forma: Forma, document, confirm, acceptDrift, only, whenInUse }),
  Schema.Struct({
    command: Schema.Literal("resume"),
    forma: Schema.optionalKey(Schema.String),
    commandId: Schema.optionalKey(Schema.String),
    whenInUse,
  }),
  Schema.Struct({ command: Schema.Literal("adopt"), ...name, nativeId: Schema.String }),
  Schema.Struct({ command: Schema.Literal("forget"), ...name }),
  Schema.Struct({ command: Schema.Literal("mv"), ...name, to: Schema.String }),
  Schema.Struct({
    command: Schema.Literal("import"),
    forma: Forma,
    document,
    things: Schema.Array(ApiThing),
    /** Whether the document has the resources where it is kept. False while it is yet to be written. */
    isWritten: Schema.optionalKey(Schema.Boolean),
    whenInUse,
  }),
]).annotate({ identifier: "Command" })
export type ApiCommand = typeof ApiCommand.Type | never

/** What a command asks before it does anything. */
export class ApiQuestion extends Schema.Opaque<ApiQuestion>()(
  Schema.Struct({
    /** Which question of the command it is. The answer names it. */
    number: Schema.Int,
    command: Schema.Literals(["apply", "destroy"]),
    /** The name of the forma. */
    forma: Schema.String,
    /** What would be done, as a plan says it. */
    resources: Schema.Array(ApiResource),
    /** What it is limited to, if it is. */
    only: Schema.optionalKey(ApiOnly),
    /** The outputs that would be new, changed or gone. */
    outputChanges: Schema.optionalKey(Schema.Array(ApiPropertyChange)),
  }).annotate({ identifier: "Question" }),
) {}

/**
 * What has become of a command. `running`: it waits for its turn, or runs.
 * `asking`: it waits for the answer to its question. `succeeded`: it has a
 * result, which says how each resource ended. `refused`: it has an error.
 */
export class ApiRecord extends Schema.Opaque<ApiRecord>()(
  Schema.Struct({
    ...versioned,
    /** The key that it was asked for with. */
    key: Schema.String,
    /** Which command it is. */
    command: Schema.String,
    status: Schema.Literals(["running", "asking", "succeeded", "refused"]),
    /** Grows with each change of this record. */
    revision: Schema.Int,
    /** The ids of the commands that it has run or continued so far. Events and the journal name them. */
    commandIds: Schema.Array(Schema.String),
    /** Who has asked for it. */
    askedBy: Schema.String,
    /** In milliseconds since 1970. */
    askedAt: Schema.Finite,
    /** In milliseconds since 1970. Left out until it has ended. */
    endedAt: Schema.optionalKey(Schema.Finite),
    /** The number of the last event of the command. Present once it has ended, and 0 where it had none. */
    lastEvent: Schema.optionalKey(Schema.Int),
    question: Schema.optionalKey(ApiQuestion),
    result: Schema.optionalKey(ApiResult),
    error: Schema.optionalKey(ApiFailure),
  }).annotate({ identifier: "Record" }),
) {}

/** Whether a command has ended. */
export const hasEnded = ({ status }: ApiRecord): boolean => status === "succeeded" || status === "refused"

/** The answer to the question of a command. */
export class ApiAnswer extends Schema.Opaque<ApiAnswer>()(
  Schema.Struct({ question: Schema.Int, yes: Schema.Boolean }).annotate({ identifier: "Answer" }),
) {}

/** How a command ends early: `stop` lets what is under way come to a safe point, `interrupt` leaves it where it is. Both can be resumed. */
export class ApiCancel extends Schema.Opaque<ApiCancel>()(
  Schema.Struct({ how: Schema.optionalKey(Schema.Literals(["stop", "interrupt"])) }).annotate({ identifier: "Cancel" }),
) {}

/** Whether such a command was running. */
export class ApiCanceled extends Schema.Opaque<ApiCanceled>()(
  Schema.Struct({ ...versioned, wasRunning: Schema.Boolean }).annotate({ identifier: "Canceled" }),
) {}

/** One command of the agent or of its journal. */
export class ApiListedCommand extends Schema.Opaque<ApiListedCommand>()(
  Schema.Struct({
    commandId: Schema.String,
    command: Schema.String,
    /** The name of its forma. Empty in a command on all of them. */
    forma: Schema.String,
    /** Where it stands, such as `waiting`, `asking`, `running`, `cut off` or `succeeded`. */
    status: Schema.String,
    /** The command that it waits for. Null where it waits for none, or it is not known which. */
    waitsFor: Schema.NullOr(Schema.Struct({ commandId: Schema.String, command: Schema.String, forma: Schema.String })),
    /** In milliseconds since 1970. */
    startedAt: Schema.Finite,
    /** In milliseconds since 1970. Null where it has not ended. */
    endedAt: Schema.NullOr(Schema.Finite),
    /** Who has asked for it. Null where that is not known. */
    askedBy: Schema.NullOr(Schema.String),
  }).annotate({ identifier: "ListedCommand" }),
) {}

/** The commands of an agent, the newest first. */
export class ApiCommandList extends Schema.Opaque<ApiCommandList>()(
  Schema.Struct({
    ...versioned,
    commands: Schema.Array(ApiListedCommand),
    /** What else may be there, but cannot be read. */
    unreadable: Schema.Array(ApiFailure),
  }).annotate({ identifier: "CommandList" }),
) {}
