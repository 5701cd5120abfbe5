/** A folder in which the commands of a page are run as they stand: each terminal has an environment of its own, and nothing of this process. */
import { chmodSync, readFileSync } from "node:fs"
import { connect, createServer, type Server } from "node:net"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { startPostgres, type TestPostgres } from "../../postgres/startPostgres.ts"
import { beginIn, type Begun, main, makeFolder } from "../formaeCommand.ts"

const listen = (server: Server): Effect.Effect<number, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    }),
    () => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void))),
  )

/** A port on which nobody listens. */
export const freePort: Effect.Effect<number> = Effect.scoped(Effect.suspend(() => listen(createServer())))

/** A Postgres server that also has a port, as the servers of people do. */
export const makeServer = Effect.gen(function* () {
  const server = yield* Effect.acquireRelease(
    Effect.promise(() => startPostgres()),
    ({ stop }) => Effect.promise(stop),
  )
  const port = yield* listen(
    createServer((client) => {
      const upstream = connect(join(server.socketFolder, ".s.PGSQL.5432"))
      client.pipe(upstream).pipe(client)
      client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy())
      upstream.on("error", () => client.destroy()).on("close", () => client.destroy())
    }),
  )
  return { server, port }
})

/** A client of a database for a role that may do everything. */
export const asAdministrator = ({ adminUrl }: TestPostgres, database: string | undefined) => {
  const url = new URL(adminUrl)
  if (database !== undefined) url.pathname = database
  return Layer.fresh(Layer.orDie(PgClient.layer({ url: Redacted.make(url.href), maxConnections: 1 })))
}

/** Runs statements as psql does for the administrator: `\connect` goes on in another database. */
export const runSql = Effect.fnUntraced(function* (server: TestPostgres, text: string) {
  let database: string | undefined
  for (const line of text.trim().split("\n")) {
    const connected = /^\\connect (\w+)$/.exec(line)
    if (connected === null) {
      yield* Effect.provide(
        SqlClient.use((sql) => sql.unsafe(line)),
        asAdministrator(server, database),
      )
    } else database = connected[1]
  }
})

/** A terminal that has `formae` on its path. */
export interface Terminal {
  /** Runs lines of sh to their end. */
  readonly run: (script: string) => Effect.Effect<string>
  /** Runs lines of sh, and starts a command in the place of the shell. */
  readonly begin: (script: string, command: string) => Effect.Effect<Begun, never, Scope.Scope>
}

const systemPath = "/usr/bin:/bin"

export const makeTerminals = Effect.gen(function* () {
  const folder = yield* makeFolder
  folder.write("bin/formae", `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`)
  chmodSync(folder.at("bin/formae"), 0o755)
  folder.write("work/here", "")
  /** `home` is the folder of what one user of one machine has. */
  const terminalOf = (home: string, variables: Readonly<Record<string, string>> = {}): Terminal => {
    folder.write(`${home}/run/here`, "")
    chmodSync(folder.at(`${home}/run`), 0o700)
    const path = [folder.at("bin"), dirname(process.execPath), systemPath].join(":")
    const given = { PATH: path, HOME: folder.at(home), XDG_RUNTIME_DIR: folder.at(`${home}/run`), ...variables }
    const environment = Object.entries(given).map(([name, value]) => `${name}=${value}`)
    const start = (script: string) =>
      beginIn(folder.at("work"))("/usr/bin/env", "-i", ...environment, "/bin/sh", "-ec", script)
    return {
      run: (script) =>
        Effect.scoped(
          Effect.flatMap(
            Effect.flatMap(start(script), ({ ended }) => ended),
            ({ code, stderr, stdout }) =>
              code === 0 ? Effect.succeed(stdout) : Effect.die(`${script}\n${stdout}${stderr}`),
          ),
        ),
      begin: (script, command) => start(`${script}\nexec ${command}`),
    }
  }
  return { folder, terminalOf }
})

/** The blocks of a page in one language, by what stands before them. */
export const readPage = (file: URL) => {
  const text = readFileSync(file, "utf8")
  return [...text.matchAll(/(?:<!-- (?:write: )?(\S+) -->\n)?```(\w*)\n([^]*?)```\n/g)].map(
    ([, mark, language = "", block = ""]) => ({ mark, language, block }),
  )
}
