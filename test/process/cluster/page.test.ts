/** docs/several-hosts.md, done as it is written, from nothing: a Postgres server, and terminals that have formae. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { readFileSync } from "node:fs"
import { asTold } from "../examples/toldOutput.ts"
import { asAdministrator, freePort, makeServer, makeTerminals, readPage, runSql } from "./terminals.ts"

const blocks = readPage(new URL("../../../docs/several-hosts.md", import.meta.url))
const scripts = blocks.filter(({ language, mark }) => language === "sh" && mark === undefined).map(({ block }) => block)
const outputs = blocks.filter(({ language }) => language === "").map(({ block }) => block)
const [variables = "", runners = "", apply = "", cluster = "", kill = "", clusterAgain = ""] = scripts
const [, before = "", applied = "", after = ""] = outputs
const [roleAndSchema = ""] = blocks.filter(({ language }) => language === "sql").map(({ block }) => block)
const shop = blocks.find(({ mark }) => mark === "shop.yaml")?.block ?? ""

/** Runners have other ports here, so they have other shards, and another one has the document. On a busy machine one may have lost it before. */
const withoutPlaces = (text: string) =>
  asTold(
    text
      .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:7301")
      .replaceAll(/(FakeAWS +)\d+/g, "$112")
      .replaceAll(/^(shop +\S+ +)\d+/gm, "$11"),
    text,
  ).toSorted()

const ownerIn = (report: string) => /^shop +(\S+)/m.exec(report)?.[1] ?? ""
const epochIn = (report: string) => Number(/^shop +\S+ +(\d+)/m.exec(report)?.[1])

describe("docs/several-hosts.md", () => {
  it.live(
    "leads from nothing to three runners, of which one is killed in the middle of an apply",
    () =>
      Effect.gen(function* () {
        const { port, server } = yield* makeServer
        const { folder, terminalOf } = yield* makeTerminals
        const ports = new Map<string, number>()
        for (const written of ["7301", "7302", "7303"]) ports.set(written, yield* freePort)
        const here = (script: string) =>
          script
            .replaceAll(/127\.0\.0\.1:(730\d)/g, (_, written: string) => `127.0.0.1:${ports.get(written)}`)
            .replace("@127.0.0.1/", `@127.0.0.1:${port}/`)
        const terminal = terminalOf("home")
        const run = (script: string) => terminal.run(here(variables + script))

        yield* runSql(server, roleAndSchema)
        folder.write("work/shop.yaml", shop.replace("30000", "8000"))
        const begun = new Map<string, { readonly line: string; readonly pid: string }>()
        for (const line of here(runners).trim().split("\n")) {
          const runner = yield* terminal.begin(here(variables), line)
          yield* Effect.raceFirst(
            runner.said("is a runner of the cluster"),
            Effect.flatMap(runner.ended, ({ stderr }) => Effect.die(stderr)),
          )
          const pid = /The agent \(pid (\d+)\) is a runner/.exec(runner.stderr())?.[1] ?? ""
          begun.set(/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? "", { line, pid })
        }
        assert.strictEqual(begun.size, 3)

        const applying = yield* terminal.begin(here(variables), here(apply))
        yield* applying.said("network: in progress")
        const first = yield* run(cluster)
        assert.deepEqual(withoutPlaces(first), withoutPlaces(before))
        const killed = begun.get(ownerIn(first))
        assert.isDefined(killed, first)
        yield* run(kill.replace("4711", killed.pid))
        const { code, stderr, stdout } = yield* applying.ended
        assert.strictEqual(code, 0, stderr)
        assert.deepEqual(asTold(stdout, applied), asTold(applied, applied))
        // Its lease ends.
        const second = yield* Effect.repeat(run(clusterAgain), {
          until: (report) => new RegExp(`^${ownerIn(first)} +no `, "m").test(report),
        })
        assert.deepEqual(withoutPlaces(second), withoutPlaces(after))
        assert.notStrictEqual(ownerIn(second), ownerIn(first))
        assert.isAbove(epochIn(second), epochIn(first))

        const looked = yield* run("formae doctor")
        assert.match(looked, /^ok +cluster +2 runners share the state: /m)
        assert.match(looked, new RegExp(`^warning +cluster +The runner ${ownerIn(first)} does not answer`, "m"))
        const rotation = yield* Effect.flatMap(
          terminal.begin(here(variables), "formae state rotate-key"),
          ({ ended }) => ended,
        )
        assert.include(rotation.stderr, "it is not changed while one of them runs. Stop all runners")

        const again = yield* terminal.begin(here(variables), killed.line)
        yield* again.said("is a runner of the cluster")

        // In the background it is its own start that is waited for, and not that of the runner that listens.
        const taken = yield* Effect.flatMap(
          terminal.begin(here(variables), `${killed.line} --detach`),
          ({ ended }) => ended,
        )
        assert.strictEqual(taken.code, 2, taken.stdout)
        assert.include(taken.stderr, "another process listens there already")

        yield* run("formae agent token add ci")
        const own = `127.0.0.1:${yield* freePort}`
        const detached = yield* run(`formae agent --cluster ${own} --listen 127.0.0.1:0 --detach`)
        const started =
          /^The agent \(pid (\d+)\) [^]*\nIt listens at http:\/\/127\.0\.0\.1:[1-9]\d* and writes its log to (\S+)$/m.exec(
            detached,
          )
        assert.isNotNull(started, detached)
        const [, pid = "", log = ""] = started
        process.kill(Number(pid), "SIGKILL")
        assert.include(log, `agent-${own.replace(":", "-")}.log`)
        assert.include(readFileSync(log, "utf8"), "is a runner of the cluster")

        const [rights] = yield* Effect.provide(
          SqlClient.use(
            (sql) =>
              sql`
            SELECT has_database_privilege('formae', 'infra', 'CREATE'), has_schema_privilege('formae', 'public', 'CREATE'),
              (SELECT string_agg(DISTINCT schemaname, ',') FROM pg_tables WHERE tableowner = 'formae')`.values,
          ),
          asAdministrator(server, "infra"),
        )
        assert.deepEqual(rights, [false, false, "formae"])
      }),
    120_000,
  )
})
