/** A registry of npm on loopback, with the packages that a test publishes in it. */
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { basename } from "node:path"

interface Published {
  readonly version: string
  readonly file: string
  readonly bytes: Buffer
}

const integrityOf = (bytes: Buffer): string => `sha512-${createHash("sha512").update(bytes).digest("base64")}`

export const makeRegistry = Effect.gen(function* () {
  const packages = new Map<string, Array<Published>>()
  let held: (() => void) | undefined
  const server = yield* Effect.acquireRelease(
    Effect.callback<ReturnType<typeof createServer>>((resume) => {
      const made = createServer((request, response) => {
        const url = new URL(request.url ?? "/", "http://registry")
        const at = url.pathname.indexOf("/-/")
        const name = decodeURIComponent(at === -1 ? url.pathname : url.pathname.slice(0, at)).slice(1)
        const versions = packages.get(name)
        if (versions === undefined) {
          response.writeHead(404, { "content-type": "application/json" }).end("{}")
          return
        }
        if (at !== -1) {
          // A tarball that is held is never sent.
          if (held !== undefined) return held()
          response.end(versions.find(({ file }) => url.pathname.endsWith(`/${basename(file)}`))?.bytes)
          return
        }
        const { port } = made.address() as AddressInfo
        const listed = versions.map(({ bytes, file, version }) => [
          version,
          {
            name,
            version,
            hasInstallScript: true,
            dist: { tarball: `http://127.0.0.1:${port}/${name}/-/${basename(file)}`, integrity: integrityOf(bytes) },
          },
        ])
        response.writeHead(200, { "content-type": "application/json" })
        response.end(
          JSON.stringify({
            name,
            "dist-tags": { latest: versions.at(-1)?.version },
            versions: Object.fromEntries(listed),
          }),
        )
      })
      made.listen(0, "127.0.0.1", () => resume(Effect.succeed(made)))
    }),
    (made) =>
      Effect.callback<void>((resume) => {
        made.close(() => resume(Effect.void))
        made.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    /** The last one is the latest. */
    publish: (name: string, version: string, file: string) => {
      packages.set(name, [...(packages.get(name) ?? []), { version, file, bytes: readFileSync(file) }])
    },
    /** Sends no tarball any more, and completes when one is asked for. */
    holdTarballs: () =>
      new Promise<void>((resolve) => {
        held = resolve
      }),
    sendTarballs: () => {
      held = undefined
    },
  }
})

export type Registry = Effect.Success<typeof makeRegistry>
