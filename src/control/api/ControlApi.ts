/** The API of the agent. */
import * as Schema from "effect/Schema"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { ReadableRequest } from "./Access.ts"
import { ApiAnswer, ApiCancel, ApiCanceled, ApiCommand, ApiCommandList, ApiRecord } from "./ApiCommand.ts"
import { ApiConfiguration, ApiConfigurationChanges, ApiConfigurationRequest } from "./ApiConfiguration.ts"
import { ApiDiscoverRequest, ApiDiscoveryLine } from "./ApiDiscovery.ts"
import { ApiEnvironment, ApiEnvironmentDifference } from "./ApiEnvironment.ts"
import { ApiEventFrame } from "./ApiEvent.ts"
import { apiErrors } from "./ApiFailure.ts"
import { ApiDraft, ApiDraftRequest } from "./ApiImport.ts"
import { ApiResult } from "./ApiResult.ts"
import {
  ApiAgent,
  ApiInventoryLine,
  ApiOutputsQuery,
  ApiPlanRequest,
  ApiPluginList,
  ApiReleased,
  ApiReport,
  ApiRotated,
  ApiRotation,
  ApiSelection,
  ApiSyncRequest,
} from "./ApiState.ts"

/** An idempotency key: the same key gives the same command. */
export const RequestKey = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_.:-]{8,128}$/, {
    message: "Expected 8 to 128 letters, digits, dashes, dots, colons or underscores, such as a UUID",
  }),
)

const describe = (summary: string) => OpenApi.annotations({ summary })
const error = apiErrors
const key = { key: RequestKey }
const count = Schema.FiniteFromString.check(Schema.isInt(), Schema.isGreaterThanOrEqualTo(0))

/** The agent itself. */
export class AgentApi extends HttpApiGroup.make("agent")
  .add(
    HttpApiEndpoint.get("about", "/v1/agent", { success: ApiAgent, error }).annotateMerge(
      describe("Says which agent answers, and which versions of the API it speaks"),
    ),
    HttpApiEndpoint.post("releasePlugin", "/v1/plugins/:name/release", {
      params: { name: Schema.String },
      success: ApiReleased,
      error,
    }).annotateMerge(describe("Ends the quarantine of a plugin: the next command that needs it has it started again")),
    HttpApiEndpoint.post("compareEnvironment", "/v1/agent/environment", {
      payload: ApiEnvironment,
      success: ApiEnvironmentDifference,
      error,
    }).annotateMerge(
      describe(
        "Says which variables and which folder are other ones for the plugins of the agent than for its caller. Only on the socket of the agent's own user",
      ),
    ),
  )
  .annotateMerge(describe("The agent itself")) {}

/** Its configuration. */
export class ConfigurationApi extends HttpApiGroup.make("configuration")
  .add(
    HttpApiEndpoint.get("holds", "/v1/configuration", { success: ApiConfiguration, error }).annotateMerge(
      describe("Says what holds in the configuration, and where each value was given"),
    ),
    HttpApiEndpoint.put("set", "/v1/configuration", {
      payload: ApiConfigurationRequest,
      success: ApiConfigurationChanges,
      error,
    }).annotateMerge(
      describe(
        "Lays values over the configuration until the agent ends. What is wrong changes nothing. Only on the socket of the agent's own user",
      ),
    ),
  )
  .annotateMerge(describe("Its configuration")) {}

/** Commands that change something. */
export class CommandsApi extends HttpApiGroup.make("commands")
  .add(
    HttpApiEndpoint.post("ask", "/v1/commands", {
      headers: { "idempotency-key": RequestKey },
      payload: ApiCommand,
      success: ApiRecord,
      error,
    }).annotateMerge(describe("Asks for a command. The same key gives the same command, and begins no other")),
    HttpApiEndpoint.get("list", "/v1/commands", {
      query: { limit: Schema.optionalKey(count) },
      success: ApiCommandList,
      error,
    }).annotateMerge(describe("Lists the commands that run or wait, and at most `limit` of the journal")),
    HttpApiEndpoint.get("find", "/v1/commands/:key", {
      params: key,
      query: { after: Schema.optionalKey(count) },
      success: ApiRecord,
      error,
    }).annotateMerge(
      describe("Says what has become of a command. With `after`, waits until its revision is higher, for 25 seconds"),
    ),
    HttpApiEndpoint.post("cancel", "/v1/commands/:key/cancel", {
      params: key,
      payload: ApiCancel,
      success: ApiCanceled,
      error,
    }).annotateMerge(describe("Ends a command early, by its key or by the id of the command. It can be resumed")),
    HttpApiEndpoint.post("answer", "/v1/commands/:key/answer", {
      params: key,
      payload: ApiAnswer,
      success: ApiRecord,
      error,
    }).annotateMerge(describe("Answers the question of a command")),
  )
  .annotateMerge(describe("Commands that change something")) {}

/** What only reads. */
export class StateApi extends HttpApiGroup.make("state")
  .add(
    HttpApiEndpoint.post("plan", "/v1/plan", { payload: ApiPlanRequest, success: ApiResult, error }).annotateMerge(
      describe("Says what an apply would do. Changes nothing"),
    ),
    HttpApiEndpoint.get("inventory", "/v1/inventory", { success: ApiResult, error }).annotateMerge(
      describe("Lists the resources of all formae"),
    ),
    HttpApiEndpoint.get("inventoryStream", "/v1/inventory/stream", {
      success: HttpApiSchema.StreamNdjson({ schema: ApiInventoryLine }),
      error,
    }).annotateMerge(describe("Lists the resources of all formae, one in a line")),
    HttpApiEndpoint.get("show", "/v1/resources/:label", {
      params: { label: Schema.String },
      query: { forma: Schema.optionalKey(Schema.String) },
      success: ApiReport,
      error,
    }).annotateMerge(describe("Says what the state knows of a resource")),
    HttpApiEndpoint.post("outputs", "/v1/outputs", {
      payload: ApiOutputsQuery,
      success: ApiResult,
      error,
    }).annotateMerge(describe("Lists the outputs of documents")),
    HttpApiEndpoint.post("sync", "/v1/sync", { payload: ApiSyncRequest, success: ApiResult, error }).annotateMerge(
      describe("Reads resources from their providers, records what was read, and says what differs"),
    ),
    HttpApiEndpoint.post("drift", "/v1/drift", { payload: ApiSelection, success: ApiResult, error }).annotateMerge(
      describe("Says what differs from what was wanted, as syncs have found it"),
    ),
    HttpApiEndpoint.post("draftImport", "/v1/import/draft", {
      payload: ApiDraftRequest,
      success: ApiDraft,
      error,
    }).annotateMerge(describe("Says how a document could state things that exist. Changes nothing")),
    HttpApiEndpoint.post("discover", "/v1/discover", {
      payload: ApiDiscoverRequest,
      success: HttpApiSchema.StreamNdjson({ schema: ApiDiscoveryLine }),
      error,
    }).annotateMerge(describe("Lists what exists at providers and no document owns, one in a line")),
    HttpApiEndpoint.post("rotateKey", "/v1/state/rotate-key", {
      payload: ApiRotation,
      success: ApiRotated,
      error,
    }).annotateMerge(describe("Changes the key of the state. Only on the socket of the agent's own user")),
    HttpApiEndpoint.get("plugins", "/v1/plugins", { success: ApiPluginList, error }).annotateMerge(
      describe("Says where each plugin stands"),
    ),
  )
  .annotateMerge(describe("What only reads")) {}

/** What happens. */
export class EventsApi extends HttpApiGroup.make("events")
  .add(
    HttpApiEndpoint.get("follow", "/v1/events", {
      query: {
        after: Schema.optionalKey(count),
        command: Schema.optionalKey(RequestKey),
        commandId: Schema.optionalKey(Schema.String),
        follow: Schema.optionalKey(Schema.Literals(["true", "false"])),
      },
      success: HttpApiSchema.StreamSse({ events: ApiEventFrame }),
      error,
    }).annotateMerge(
      describe(
        "Streams events after the number `after`, or from now on. `command` is the key of a command: the stream has its events alone, and ends with it. `commandId` is the id of a command whose events are meant. With `follow=false` the stream ends with the events that there are",
      ),
    ),
  )
  .annotateMerge(describe("What happens")) {}

/** The API of the agent. */
export class ControlApi extends HttpApi.make("formae")
  .add(AgentApi)
  .add(ConfigurationApi)
  .add(CommandsApi)
  .add(StateApi)
  .add(EventsApi)
  .middleware(ReadableRequest)
  .annotateMerge(
    OpenApi.annotations({
      title: "The API of the formae agent",
      version: "1",
      description:
        "Within a version fields and kinds of events may be added; none is removed or gets another meaning. Ignore what you do not know in an answer. The agent refuses what it does not know in a request.",
    }),
  )
  // Only what is asked: what is answered may be newer than this side.
  .annotate(HttpApi.PayloadParseOptions, { onExcessProperty: "error" })
  .annotate(HttpApi.QueryParseOptions, { onExcessProperty: "error" }) {}
