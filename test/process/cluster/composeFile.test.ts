/** The containers of docs/several-hosts/compose.yaml, as processes: their commands, their environment, their names, and certificates that the page's commands make. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { parse } from "yaml"
import { needs } from "../../needs.ts"
import { freePort, makeServer, makeTerminals, readPage, runSql } from "./terminals.ts"

const at = (file: string) => new URL(`../../../docs/${file}`, import.meta.url)
const blocks = readPage(at("several-hosts.md"))
const marked = (wanted: string) => blocks.find(({ mark }) => mark === wanted)?.block ?? ""

const Runner = Schema.Struct({
  command: Schema.String,
  environment: Schema.Record(Schema.String, Schema.String),
  working_dir: Schema.Literal("/work"),
  volumes: Schema.Tuple([Schema.Literal(".:/work")]),
})
const decode = Schema.decodeUnknownEffect(
  Schema.Struct({
    services: Schema.Struct({
      postgres: Schema.Struct({
        image: Schema.Literal("postgres:18"),
        configs: Schema.Tuple([
          Schema.Struct({
            source: Schema.Literal("role"),
            target: Schema.Literal("/docker-entrypoint-initdb.d/role.sql"),
          }),
        ]),
      }),
      "runner-1": Runner,
      "runner-2": Runner,
      "runner-3": Runner,
    }),
    configs: Schema.Struct({ role: Schema.Struct({ content: Schema.String }) }),
  }),
)

const hasOpenssl = spawnSync("openssl", ["version"], { stdio: "ignore" }).status === 0

const services = ["runner-1", "runner-2", "runner-3"] as const

describe("docs/several-hosts/compose.yaml", needs("openssl", hasOpenssl), () => {
  it.live(
    "has three runners that reach each other by their names, with the certificates of the page",
    () =>
      Effect.gen(function* () {
        const { port, server } = yield* makeServer
        const { folder, terminalOf } = yield* makeTerminals
        const lines = marked("containers").trim().split("\n")
        // Docker Compose reads this file.
        yield* terminalOf("home").run(lines.slice(0, lines.indexOf("END") + 1).join("\n"))
        const given = folder.textOf("work/.env").trim().split("\n")
        const variables = new Map(given.map((line) => [/^\w+/.exec(line)?.[0], line.replace(/^\w+=/, "")]))
        const text = readFileSync(at("several-hosts/compose.yaml"), "utf8").replaceAll(
          /\$\{(\w+)(?::\?)?\}/g,
          (_, name: string) => variables.get(name) ?? assert.fail(name),
        )
        const file = yield* decode(parse(text, { merge: true }))

        yield* runSql(server, file.configs.role.content)
        yield* terminalOf("home").run(marked("certificates"))
        folder.write("work/shop.yaml", marked("shop.yaml").replace("30000", "0"))
        const ports = new Map<string, number>()
        const terminals = new Map<string, ReturnType<typeof terminalOf>>()
        for (const service of services) ports.set(service, yield* freePort)
        for (const service of services) {
          const { command, environment } = file.services[service]
          assert.include(command, `--cluster ${service}:`)
          const terminal = terminalOf(service, {
            ...environment,
            FORMAE_STATE: (environment["FORMAE_STATE"] ?? "").replace("@postgres/", `@postgres:${port}/`),
            NAMES_OF_SERVICES: ["postgres", ...services].join(","),
            NODE_OPTIONS: `--import=${new URL("nameService.ts", import.meta.url).href}`,
          })
          terminals.set(service, terminal)
          const runner = yield* terminal.begin("", command.replace(/:730\d/, `:${ports.get(service)}`))
          yield* Effect.raceFirst(
            runner.said("and listens at"),
            Effect.flatMap(runner.ended, ({ stderr }) => Effect.die(stderr)),
          )
        }

        const asked = lines.flatMap((line) => {
          const [, service = "", command = ""] = /^docker compose exec (\S+) (.*)$/.exec(line) ?? []
          return service === "" ? [] : [{ service, command }]
        })
        assert.lengthOf(asked, 2)
        const [applied, cluster] = yield* Effect.forEach(
          asked,
          ({ command, service }) => terminals.get(service)?.run(command) ?? Effect.die(service),
        )
        assert.include(applied, "2 created")
        for (const service of services) {
          assert.match(cluster ?? "", new RegExp(`^${service}:${ports.get(service)} +yes +FakeAWS +[1-9]`, "m"))
        }
        assert.match(cluster ?? "", /^shop +runner-\d:\d+ +1 /m)
        assert.include(cluster, "0 commands have not ended")
      }),
    120_000,
  )
})
