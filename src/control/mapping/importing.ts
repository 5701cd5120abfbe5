/** Between what an import is asked for and its models in the API. */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { DraftedResource } from "../../agent/commands/DraftedResource.ts"
import type { ThingToImport } from "../../agent/commands/ImportRefused.ts"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import type { ApiDraft, ApiThing } from "../api/ApiImport.ts"
import { schemaVersion } from "../api/version.ts"

/** Things as the API names them. */
export const thingsToApi = (things: ReadonlyArray<ThingToImport>): ReadonlyArray<ApiThing> =>
  things.map(({ label, nativeId, target, type }) => ({ label, nativeId, target, type }))

/** Things as the agent takes them. Fails where a type or an id cannot be one. */
export const thingsFromApi: (
  things: ReadonlyArray<ApiThing>,
) => Effect.Effect<ReadonlyArray<ThingToImport>, Schema.SchemaError> = Schema.decodeEffect(
  Schema.Array(Schema.Struct({ label: Schema.String, type: ResourceType, nativeId: NativeId, target: Schema.String })),
)

/** How a document could state things. */
export const draftToApi = (resources: ReadonlyArray<DraftedResource>): ApiDraft => ({ schemaVersion, resources })

/** The same, as a host of the agent gets it. */
export const draftFromApi = ({
  resources,
}: ApiDraft): Effect.Effect<ReadonlyArray<DraftedResource>, Schema.SchemaError> => decodeDraft(resources)

const decodeDraft = Schema.decodeEffect(Schema.Array(DraftedResource))
