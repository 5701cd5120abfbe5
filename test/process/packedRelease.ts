/** The release of packages that were packed, with a registry of its own. */
import { assert, describe, it } from "@effect/vitest"
import { once } from "node:events"
import * as fs from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { failureOf, nodeWith } from "./npm.ts"
import type { Tarball } from "./tarball.ts"

/** Accepts whatever is published, and remembers what it was. */
const withRegistry = async (work: (url: string, published: ReadonlyArray<string>) => Promise<void>) => {
  const published: Array<string> = []
  const server = createServer((request, response) => {
    if (request.method === "PUT") published.push(decodeURIComponent(request.url ?? ""))
    request.resume().on("end", () => response.writeHead(request.method === "PUT" ? 201 : 404).end("{}"))
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  try {
    const { port } = server.address() as AddressInfo
    await work(`http://127.0.0.1:${port}/`, published)
  } finally {
    server.close()
  }
}

/** `packed` is asked when the tests run. */
export const testPackedRelease = (packed: () => Tarball) =>
  describe("a release of the packages", () => {
    const release = (environment: Readonly<Record<string, string>>, ...flags: ReadonlyArray<string>) =>
      nodeWith(
        environment,
        join(packed().folder, "checkout"),
        join("scripts", "release.ts"),
        "--packed",
        "--out",
        packed().packages,
        ...flags,
      )

    it(
      "passes its checks, and is published by --publish alone, to where its links can lead",
      { timeout: 240_000 },
      () =>
        withRegistry(async (url, published) => {
          const environment = { npm_config_registry: url }
          const settings = `registry=${url}\n${url.replace("http:", "")}:_authToken=none\n`
          await fs.writeFile(join(packed().packages, ".npmrc"), settings)
          // Its tools come from the registry of this machine.
          const { stdout } = await release({})
          assert.include(stdout, "All checks have passed. Nothing was published")
          assert.include(stdout, "npm run release -- --publish")
          assert.include(await failureOf(release(environment, "--publish")), "package.json names no repository")
          assert.deepEqual(published, [])

          const file = join(packed().folder, "checkout", "package.json")
          const text = await fs.readFile(file, "utf8")
          try {
            await fs.writeFile(file, text.replace("{", '{ "repository": "https://example.org/formae.git",'))
            await release(environment, "--publish")
          } finally {
            await fs.writeFile(file, text)
          }
          assert.deepEqual(published, ["/formae", "/@formae/plugin-aws", "/@formae/plugin-azure"])
        }),
    )

    it("stops at a package that has too much", { timeout: 60_000 }, async () => {
      const list = join(packed().packages, "packed.json")
      const text = await fs.readFile(list, "utf8")
      const [first, ...others] = JSON.parse(text)
      try {
        const more = { ...first, files: [...first.files, { path: "src/secret.ts", size: 1 }] }
        await fs.writeFile(list, JSON.stringify([more, ...others]))
        const failure = await failureOf(release({}, "--dry-run"))
        assert.include(failure, "formae: src/secret.ts is not needed in the package\nNothing was published.")
      } finally {
        await fs.writeFile(list, text)
      }
    })
  })
