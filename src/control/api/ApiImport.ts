/** What exists and is taken into a document, as the API says it. */
import * as Schema from "effect/Schema"
import { versioned } from "./version.ts"

const Forma = Schema.Record(Schema.String, Schema.Json)

/** A thing that exists, and the label that it is to have. */
export class ApiThing extends Schema.Opaque<ApiThing>()(
  Schema.Struct({
    label: Schema.String,
    type: Schema.String,
    nativeId: Schema.String,
    /** The label of a target of the document. */
    target: Schema.String,
  }).annotate({ identifier: "Thing" }),
) {}

/** What a document could state. */
export class ApiDraftRequest extends Schema.Opaque<ApiDraftRequest>()(
  Schema.Struct({
    /** The forma as its document says it. */
    forma: Forma,
    things: Schema.Array(ApiThing),
  }).annotate({ identifier: "DraftRequest" }),
) {}

/** How a document could state things that exist. It holds no secret. */
export class ApiDraft extends Schema.Opaque<ApiDraft>()(
  Schema.Struct({
    ...versioned,
    resources: Schema.Array(
      Schema.Struct({
        label: Schema.String,
        type: Schema.String,
        target: Schema.String,
        nativeId: Schema.String,
        /** Without secrets. `{ "$ref": "label.Property" }` stands where a value is that of another resource. */
        properties: Schema.Record(Schema.String, Schema.Json),
        /** The properties that are secret: each is to be given by a parameter. */
        secrets: Schema.Array(Schema.String),
      }),
    ),
  }).annotate({ identifier: "Draft" }),
) {}
