/**
 * Between the models of the agent and those of its API, both ways. Whatever
 * changes inside the agent is made to fit here, so that the API stays as it is.
 */
import type * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ChangeEvent } from "../../agent/apply/ChangeEvent.ts"
import { ResourceResult } from "../../agent/apply/ResourceResult.ts"
import type { CommandError } from "../../agent/commands/CommandError.ts"
import { CommandList } from "../../agent/commands/CommandListing.ts"
import type { CommandOptions } from "../../agent/commands/CommandOptions.ts"
import { CommandResult } from "../../agent/commands/CommandResult.ts"
import type { ConfirmRequest } from "../../agent/commands/Confirmation.ts"
import { Note } from "../../agent/commands/Note.ts"
import { ResourceReport } from "../../agent/commands/ResourceReport.ts"
import type { DocumentSource } from "../../agent/records/DocumentSource.ts"
import type { ApiCommand, ApiCommandList, ApiDocument, ApiQuestion } from "../api/ApiCommand.ts"
import type { ApiEvent } from "../api/ApiEvent.ts"
import type { ApiFailure } from "../api/ApiFailure.ts"
import type { ApiNote, ApiResource, ApiResult } from "../api/ApiResult.ts"
import type { ApiReport } from "../api/ApiState.ts"
import { schemaVersion } from "../api/version.ts"

const Facts = Schema.Record(Schema.String, Schema.Json)
const decodeFacts = Schema.decodeUnknownSync(Facts)
const encodeNote = Schema.encodeSync(Note)
const encodeEvent = Schema.encodeSync(ChangeEvent)
const encodeReport = Schema.encodeSync(ResourceReport)
const decodeNote = Schema.decodeUnknownOption(Note)
const decodeEvent = Schema.decodeUnknownOption(ChangeEvent)
const decodeResult = Schema.decodeUnknownEffect(CommandResult)
const decodeReport = Schema.decodeUnknownEffect(ResourceReport)

/** A result of one resource. */
export const resourceToApi = (result: ResourceResult): ApiResource => result

/** A result of one resource, as a host of the agent gets it. Fails where this version does not know what it says. */
export const resourceFromApi: (resource: ApiResource) => Effect.Effect<ResourceResult, Schema.SchemaError> =
  Schema.decodeUnknownEffect(ResourceResult)

/** A note. */
export const noteToApi = (note: Note): ApiNote => ({ ...decodeFacts(encodeNote(note)), _tag: note._tag })

/** The notes that this version knows. */
export const notesFromApi = (notes: ReadonlyArray<ApiNote>): ReadonlyArray<Note> =>
  notes.flatMap((note) => Option.toArray(decodeNote(note)))

/** The result of a command. */
export const resultToApi = ({ error, notes, ...result }: CommandResult): ApiResult => ({
  schemaVersion,
  ...result,
  resources: result.resources.map(resourceToApi),
  ...(error === undefined ? {} : { error: failureToApi(error) }),
  ...(notes === undefined ? {} : { notes: notes.map(noteToApi) }),
})

/** The result of a command, as a host of the agent gets it. Fails where this version does not know what it says. */
export const resultFromApi = ({ notes, ...result }: ApiResult): Effect.Effect<CommandResult, Schema.SchemaError> =>
  decodeResult({ ...result, ...(notes === undefined ? {} : { notes: notesFromApi(notes) }) })

/** What is known of a resource. */
export const reportToApi = (report: ResourceReport): ApiReport => ({
  ...decodeFacts(encodeReport(report)),
  schemaVersion,
  forma: report.forma,
  label: report.label,
})

/** What is known of a resource, as a host of the agent gets it. */
export const reportFromApi: (report: ApiReport) => Effect.Effect<ResourceReport, Schema.SchemaError> = decodeReport

/** An event of a command. `at` is in milliseconds since 1970. */
export const eventToApi = (
  event: ChangeEvent,
  { at, number, request }: { readonly at: number; readonly number: number; readonly request?: string | undefined },
): ApiEvent => {
  const { _tag: kind, commandId, forma, ...data } = encodeEvent(event)
  return {
    schemaVersion,
    number,
    at,
    kind,
    commandId,
    ...(request === undefined ? {} : { request }),
    forma,
    data: decodeFacts(data),
  }
}

/** The event of a command. None where it is of another kind, or of one that this version does not know. */
export const eventFromApi = ({ commandId, data, forma, kind }: ApiEvent): Option.Option<ChangeEvent> =>
  decodeEvent({ ...data, _tag: kind, commandId, forma })

/** What a command asks. */
export const questionToApi = ({ resources, ...request }: ConfirmRequest, number: number): ApiQuestion => ({
  number,
  ...request,
  resources: resources.map(resourceToApi),
})

/** What a command asks, as a host of the agent gets it. */
export const questionFromApi: (question: ApiQuestion) => Effect.Effect<ConfirmRequest, Schema.SchemaError> =
  Schema.decodeUnknownEffect(
    Schema.Struct({
      command: Schema.Literals(["apply", "destroy"]),
      forma: Schema.String,
      resources: CommandResult.fields.resources,
      only: CommandResult.fields.only,
      outputChanges: CommandResult.fields.outputChanges,
    }),
  )

/** Where a document was read. */
export const documentToApi = ({ earlier, hasMoved, resources, ...source }: DocumentSource): ApiDocument => ({
  ...source,
  resources: resources.map(wantedToApi),
  ...(hasMoved === undefined ? {} : { hasMoved }),
  ...(earlier === undefined
    ? {}
    : {
        earlier: {
          name: earlier.name,
          siblings: earlier.siblings.map((one) => ({ path: one.path, resources: one.resources.map(wantedToApi) })),
        },
      }),
})

const wantedToApi = ({ label, properties, type }: DocumentSource["resources"][number]) => ({
  label,
  type,
  ...(properties === undefined ? {} : { properties }),
})

/** The error of a result, whose class is not known any more. */
const failureToApi = ({ code, facts, issues, message }: CommandError): ApiFailure => ({
  schemaVersion,
  code,
  message,
  ...(facts === undefined ? {} : { facts }),
  ...(issues === undefined ? {} : { issues }),
})

/** The commands of an agent. */
export const commandsToApi = ({ commands, unreadable }: CommandList): ApiCommandList => ({
  schemaVersion,
  commands,
  unreadable: unreadable.map(failureToApi),
})

/** The commands of an agent, as a host of the agent gets them. Fails where this version does not know what it says. */
export const commandsFromApi: (list: ApiCommandList) => Effect.Effect<CommandList, Schema.SchemaError> =
  Schema.decodeUnknownEffect(CommandList)

/**
 * A field of the agent that its API does not have would get lost without a
 * word. The compiler names it here.
 */
type Covers<Api, Inner> = [Exclude<keyof Inner, keyof Api>] extends [never]
  ? true
  : { readonly missing: Exclude<keyof Inner, keyof Api> }
type Part<Whole, Name extends keyof Whole> = NonNullable<Whole[Name]>
type Element<Whole> = Whole extends ReadonlyArray<infer One> ? One : never
const covered: readonly [
  Covers<ApiResult, CommandResult>,
  Covers<ApiResource, ResourceResult>,
  Covers<Part<ApiResource, "changedCare">, Part<ResourceResult, "changedCare">>,
  Covers<Part<ApiResource, "drift">, Part<ResourceResult, "drift">>,
  Covers<Element<Part<ApiResource, "drift">["places"]>, Element<Part<ResourceResult, "drift">["places"]>>,
  Covers<Part<ApiResource, "error">, Part<ResourceResult, "error">>,
  Covers<Element<Part<ApiResource, "changes">>, Element<Part<ResourceResult, "changes">>>,
  Covers<Part<ApiResult, "only">, Part<CommandResult, "only">>,
  Covers<ApiQuestion, ConfirmRequest>,
  Covers<ApiDocument, DocumentSource>,
  Covers<ApiCommandList["commands"][number], CommandList["commands"][number]>,
  Covers<
    Extract<ApiCommand, { readonly command: "apply" }>,
    Omit<CommandOptions, "commandId" | "observe" | "stopWhen" | "whenInterrupted">
  >,
] = [true, true, true, true, true, true, true, true, true, true, true, true]
void covered
