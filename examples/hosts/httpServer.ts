/** A server on this host: it applies the document that is posted to /apply, and answers with what happens, as it happens. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Ndjson from "effect/encoding/Ndjson"
import { HttpRouter, HttpServerResponse } from "effect/http"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Agent, ChangeEvent, CommandFinished, PluginCoordinator, readForma, Store } from "formae/agent"
import { createServer } from "node:http"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

/** The last line of a command that could not begin. */
const Refused = Schema.TaggedStruct("Refused", { code: Schema.String, message: Schema.String })
const Line = Schema.Union([ChangeEvent, CommandFinished, Refused])

const layerRoutes = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    yield* router.add("POST", "/apply", (request) =>
      Effect.gen(function* () {
        const { forma } = yield* readForma(yield* request.text, "posted")
        const lines = agent.applyStream(forma, { whenInUse: "refuse" }).pipe(
          Stream.catch(({ _tag, message }) => Stream.succeed(Refused.make({ code: _tag, message }))),
          Stream.pipeThroughChannel(Ndjson.encodeSchema(Line)()),
        )
        return HttpServerResponse.stream(lines, { contentType: "application/x-ndjson" })
      }).pipe(
        Effect.catchTag("FormaUnreadable", ({ message }) =>
          Effect.succeed(HttpServerResponse.text(`${message}\n`, { status: 400 })),
        ),
      ),
    )
  }),
)

const layerAgent = Agent.layer.pipe(
  Layer.provide([PluginCoordinator.layerProcesses([pluginFolder]), Store.layerFile("state.db")]),
  Layer.provide(NodeServices.layer),
)

const layerServer = NodeHttpServer.layerConfig(createServer, {
  host: Config.succeed("127.0.0.1"),
  port: Config.withDefault(Config.Int("PORT"), 8080),
})

HttpRouter.serve(layerRoutes).pipe(Layer.provide([layerAgent, layerServer]), Layer.launch, NodeRuntime.runMain)
