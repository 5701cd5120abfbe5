/** Plugins for a user without a package.json: `formae plugin add`, with the npm of this machine and a registry on loopback. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { appendFileSync, chmodSync, statSync } from "node:fs"
import { join } from "node:path"
import { resultOf } from "../jsonOutput.ts"
import { cloud, makeUser, network, type User } from "./user.ts"

const entryOf = ({ formae }: User) =>
  Effect.map(
    formae("plugins", "--json"),
    ({ stdout }): string =>
      JSON.parse(stdout).plugins.find(({ namespace }: { readonly namespace: string }) => namespace === "FakeAWS").entry,
  )

const apply = (user: User) => {
  user.writeWork("net.yaml", network)
  return Effect.flatMap(user.formae("apply", "net.yaml", "--json"), resultOf)
}

describe("formae plugin add", () => {
  it.live("installs from the registry for a user without a package.json, who can then apply", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      user.publish("1.0.0")
      // What the folder says about npm does not count.
      user.writeWork(".npmrc", "registry=http://127.0.0.1:9/\n")
      const added = yield* user.formae("plugin", "add", cloud)
      assert.strictEqual(added.code, 0, added.stderr)
      assert.include(added.stdout, `Added ${cloud} 1.0.0: the plugin fake-aws 1.0.0 for the namespace FakeAWS`)
      assert.include(added.stdout, "The plugin fake-aws takes the place of fake-aws 0.2.0, which comes with formae")
      assert.include(added.stderr, `npm fetches ${cloud}`)
      assert.isFalse(user.has("script-ran"), "no script of a package runs")
      assert.strictEqual((yield* apply(user)).status, "apply succeeded")
      assert.isTrue((yield* entryOf(user)).startsWith(user.versionFolder("1.0.0")))

      const { plugins, version } = user.lock()
      const [{ current, name, range }] = plugins
      assert.deepEqual({ version, name, range }, { version: 1, name: cloud, range: null })
      assert.strictEqual(current.resolved, `${user.registry.url}${cloud}/-/@some+cloud-plugin-1.0.0.tgz`)
      assert.match(current.integrity, /^sha512-/)
      assert.strictEqual(current.entry.path, join("dist", "main.mjs"))
      assert.strictEqual(current.entry.sha256, current.files[current.entry.path])
      assert.strictEqual(statSync(join(user.added, "lock.json")).mode & 0o777, 0o600)
    }),
  )

  it.live("takes the highest version of a range, and keeps the one before until the new one has served", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      for (const version of ["1.0.0", "1.1.0", "2.0.0"]) user.publish(version)
      assert.strictEqual((yield* user.formae("plugin", "add", `${cloud}@1.0.0`)).code, 0)
      assert.strictEqual((yield* apply(user)).status, "apply succeeded")
      const upgraded = yield* user.formae("plugin", "add", `${cloud}@^1.0.0`)
      assert.include(upgraded.stdout, "Version 1.0.0 is kept until this one has been started once")
      assert.deepEqual(user.versions(), ["some+cloud-plugin@1.0.0", "some+cloud-plugin@1.1.0"])
      // To look at it is not to start it.
      assert.isTrue((yield* entryOf(user)).startsWith(user.versionFolder("1.1.0")))
      assert.strictEqual((yield* user.formae("plugin", "list")).code, 0)
      assert.lengthOf(user.versions(), 2)

      assert.strictEqual((yield* apply(user)).status, "apply succeeded")
      assert.lengthOf(user.versions(), 2, "it is removed by the next command")
      assert.strictEqual((yield* apply(user)).status, "apply succeeded")
      assert.deepEqual(user.versions(), ["some+cloud-plugin@1.1.0"])
    }),
  )

  it.live("goes back to the version that is kept, without the registry, where the new one does not start", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      user.publish("1.0.0")
      user.publish("1.1.0", { files: { "dist/main.mjs": 'throw new Error("no such module")' } })
      assert.strictEqual((yield* user.formae("plugin", "add", `${cloud}@1.0.0`)).code, 0)
      assert.strictEqual((yield* user.formae("plugin", "add", cloud)).code, 0)
      user.writeWork("net.yaml", network)
      const broken = yield* user.formae("apply", "net.yaml")
      assert.strictEqual(broken.code, 1)
      assert.include(
        broken.stderr,
        `Version 1.0.0 of ${cloud} is still there: "formae plugin add ${cloud}@1.0.0" goes back to it`,
      )
      const formae = user.formaeWith({ npm_config_registry: "http://127.0.0.1:9/" })
      const back = yield* formae("plugin", "add", `${cloud}@1.0.0`)
      assert.strictEqual(back.code, 0, back.stderr)
      assert.deepEqual(user.versions(), ["some+cloud-plugin@1.0.0"])
      assert.strictEqual((yield* apply(user)).status, "apply succeeded")
    }),
  )

  it.live("takes a tarball", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      const tarball = user.pack("1.0.0", { manifest: { environment: ["OTHER_*"] } })
      const added = yield* user.formae("plugin", "add", tarball, "--json")
      assert.strictEqual(added.code, 0, added.stderr)
      assert.deepEqual(JSON.parse(added.stdout), {
        schemaVersion: 1,
        command: "plugin add",
        status: "succeeded",
        plugins: [
          {
            package: cloud,
            version: "1.0.0",
            range: null,
            plugin: "fake-aws",
            namespace: "FakeAWS",
            environment: ["OTHER_*"],
            isUsed: true,
            displaces: { name: "fake-aws", version: "0.2.0" },
            beyondNamespace: ["OTHER_*"],
          },
        ],
      })
      assert.strictEqual((yield* apply(user)).status, "apply succeeded")
    }),
  )

  it.live("says so where what comes with formae is higher", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      const added = yield* user.formae("plugin", "add", user.pack("0.0.1"))
      assert.strictEqual(added.code, 0, added.stderr)
      assert.include(added.stdout, "It is not used, because fake-aws 0.2.0 serves the same namespace")
    }),
  )
})

describe("P18: a plugin that was added", () => {
  it.live("is refused when a file of it changes, with the file and what to type, and is added again", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      user.publish("1.0.0")
      assert.strictEqual((yield* user.formae("plugin", "add", cloud)).code, 0)
      const entry = yield* entryOf(user)
      appendFileSync(entry, 'console.error("it ran")\n')
      user.writeWork("net.yaml", network)
      const refused = yield* user.formae("plan", "net.yaml")
      assert.strictEqual(refused.code, 2)
      assert.include(refused.stderr, `The plugin in ${cloud} 1.0.0 is not what was added`)
      assert.include(refused.stderr, "these files have changed: dist/main.mjs")
      assert.include(refused.stderr, `"formae plugin add ${cloud}@1.0.0" installs it again`)
      assert.notInclude(refused.stderr, "it ran")
      const listed = yield* user.formae("plugin", "list", "--json")
      assert.deepEqual(JSON.parse(listed.stdout).plugins[0].changed, ["dist/main.mjs"])

      assert.strictEqual((yield* user.formae("plugin", "add", `${cloud}@1.0.0`)).code, 0)
      assert.strictEqual((yield* apply(user)).status, "apply succeeded")
      assert.deepEqual(user.versions(), ["some+cloud-plugin@1.0.0"], "what has changed is not kept")
    }),
  )

  it.live("is not used where others could have written the lock file", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      assert.strictEqual((yield* user.formae("plugin", "add", user.pack("1.0.0"))).code, 0)
      chmodSync(join(user.added, "lock.json"), 0o666)
      const refused = yield* user.formae("plugins")
      assert.strictEqual(refused.code, 2)
      assert.include(refused.stderr, "The plugins that you have added cannot be used: others may write")
    }),
  )
})
