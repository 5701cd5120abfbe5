/** A proxy before the socket of a Postgres server, which a test can cut: what is connected is reset, and what connects is refused. */
import { mkdtempSync, rmSync } from "node:fs"
import { connect, createServer, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface DatabaseProxy {
  /** The folder of its socket, as `host` in the address of a database. */
  readonly folder: string
  readonly cut: Effect.Effect<void>
  readonly restore: Effect.Effect<void>
}

const socketName = ".s.PGSQL.5432"

export const makeDatabaseProxy = (serverFolder: string): Effect.Effect<DatabaseProxy, never, Scope.Scope> =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-proxy-"))),
      (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true })),
    )
    let isCut = false
    const open = new Set<Socket>()
    const keep = (socket: Socket) => {
      open.add(socket)
      socket.on("close", () => open.delete(socket))
      socket.on("error", () => socket.destroy())
    }
    const server = createServer((client) => {
      keep(client)
      if (isCut) return void client.destroy()
      const upstream = connect(join(serverFolder, socketName))
      keep(upstream)
      client.pipe(upstream)
      upstream.pipe(client)
      client.on("close", () => upstream.destroy())
      upstream.on("close", () => client.destroy())
    })
    const closeAll = () => {
      for (const socket of open) socket.destroy()
    }
    yield* Effect.acquireRelease(
      Effect.callback<void>((resume) => {
        server.listen(join(folder, socketName), () => resume(Effect.void))
      }),
      () =>
        Effect.callback<void>((resume) => {
          closeAll()
          server.close(() => resume(Effect.void))
        }),
    )
    return {
      folder,
      cut: Effect.sync(() => {
        isCut = true
        closeAll()
      }),
      restore: Effect.sync(() => void (isCut = false)),
    }
  })
