/** What `formae plugin add` refuses, what a kill leaves, and what list and remove do. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cloud, makeUser, network, type PackageOptions, type User } from "./user.ts"

/** The error of a command that has changed nothing: not even litter is there. */
const refusal = ({ all, formae }: User, ...args: ReadonlyArray<string>) =>
  Effect.map(formae("plugin", ...args, "--json"), ({ code, stderr, stdout }) => {
    assert.deepEqual(
      all().filter((name) => name !== "lock.json" && !name.endsWith(".lock")),
      [],
      stderr,
    )
    return { code, stderr, error: JSON.parse(stdout).error }
  })

describe("formae plugin add, where it cannot", () => {
  it.live("says which versions there are, where none fits", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      for (const version of ["1.0.0", "1.1.0"]) user.publish(version)
      const { code, error, stderr } = yield* refusal(user, "add", `${cloud}@^3`)
      assert.deepEqual([code, error.code, error.facts], [2, "VersionNotFound", { versions: ["1.0.0", "1.1.0"] }])
      assert.include(stderr, `No version of ${cloud} fits ^3. There are 1.0.0, 1.1.0. Nothing was changed`)
      assert.include(stderr, `For example: formae plugin add ${cloud}@1.1.0`)
    }),
  )

  it.live("says that the registry has no such package", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      const { code, error, stderr } = yield* refusal(user, "add", "@some/cloud-plugn")
      assert.deepEqual([code, error.code], [2, "PackageNotFound"])
      assert.include(stderr, "The registry has no package @some/cloud-plugn, or you may not read it")
    }),
  )

  it.live("says that the registry cannot be reached, without the password in its address", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      const formae = user.formaeWith({ npm_config_registry: "http://me:sesame@127.0.0.1:9/" })
      const { code, error, stderr } = yield* refusal({ ...user, formae }, "add", cloud)
      assert.deepEqual([code, error.code], [1, "RegistryUnreachable"])
      assert.include(stderr, "Nothing was changed. See whether this machine has a network")
      assert.notInclude(stderr, "sesame")
    }),
  )

  it.live("says that there is no npm", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      // A PATH with a relative folder, in which the current folder brings one.
      user.write("work/npm", "#!/bin/sh\nexit 0\n")
      const { code, error } = yield* refusal(
        { ...user, formae: user.formaeWith({ PATH: `.:${user.at("home")}` }) },
        "add",
        cloud,
      )
      assert.deepEqual([code, error.code], [2, "NpmMissing"])
    }),
  )

  it.live.each<readonly [string, PackageOptions, string, string]>([
    ["no plugin", { fields: {} }, "NotAPlugin", "is not a plugin of formae"],
    ["no manifest", { fields: { formae: { plugin: "./formae-plugin.json" } } }, "PluginUnusable", "it does not exist"],
    ["a bad manifest", { manifest: { namespace: "a b" } }, "PluginUnusable", "namespace"],
    ["another protocol", { manifest: { protocol: { min: 90, max: 91 } } }, "PluginUnusable", "upgrade the agent"],
    ["an entry outside", { manifest: { entry: "../../main.mjs" } }, "PluginUnusable", "leads out of its folder"],
  ])("refuses a package with %s", ([, options, code, words]) =>
    Effect.gen(function* () {
      const user = yield* makeUser
      const { code: exit, error } = yield* refusal(user, "add", user.pack("1.0.0", options))
      assert.deepEqual([exit, error.code], [2, code])
      assert.include(error.message, words)
      assert.include(error.message, "Nothing was changed")
    }),
  )

  it.live("refuses an address, and does not ask npm", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      const { code, stderr } = yield* user.formae("plugin", "add", "git+ssh://git@host/a.git")
      assert.strictEqual(code, 2)
      assert.include(stderr, "git+ssh://git@host/a.git is neither the name of a package")
      assert.isFalse(user.has("cache"))
    }),
  )
})

describe("formae plugin add, killed in the middle", () => {
  it.live("leaves the plugin that was there, which works, and what the next one removes", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      user.publish("1.0.0")
      user.publish("1.1.0")
      assert.strictEqual((yield* user.formae("plugin", "add", `${cloud}@1.0.0`)).code, 0)
      const asked = user.registry.holdTarballs()
      const { child, ended } = yield* user.start("plugin", "add", cloud)
      yield* Effect.promise(() => asked)

      const second = yield* user.formae("plugin", "add", cloud)
      assert.strictEqual(second.code, 2)
      assert.include(second.stderr, "Another command is adding or removing plugins. Nothing was changed")

      child.kill("SIGKILL")
      yield* Effect.promise(() => ended)
      assert.lengthOf(
        user.all().filter((name) => name.startsWith("new-")),
        1,
      )
      user.writeWork("net.yaml", network)
      const planned = yield* user.formae("plan", "net.yaml")
      assert.strictEqual(planned.code, 0, planned.stderr)
      assert.deepEqual(user.versions(), ["some+cloud-plugin@1.0.0"])

      user.registry.sendTarballs()
      const added = yield* user.formae("plugin", "add", cloud)
      assert.strictEqual(added.code, 0, added.stderr)
      assert.sameMembers(
        user.all().filter((name) => !name.includes("@")),
        ["lock.json", "lock.json.lock"],
      )
    }),
  )
})

describe("formae plugin list and remove", () => {
  it.live("list what was added, and of what there is a newer version", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      user.publish("1.0.0")
      user.publish("1.0.0", { name: "other-plugin", manifest: { name: "other", namespace: "Other" } })
      assert.include((yield* user.formae("plugin", "list")).stdout, "You have added no plugins")
      assert.strictEqual((yield* user.formae("plugin", "add", `${cloud}@^1.0.0`)).code, 0)
      assert.strictEqual((yield* user.formae("plugin", "add", "other-plugin")).code, 0)
      const current = yield* user.formae("plugin", "list", "--outdated")
      assert.include(current.stdout, "All plugins that you have added are the newest")

      user.publish("1.2.0")
      user.publish("2.0.0")
      const outdated = yield* user.formae("plugin", "list", "--outdated", "--json")
      const [first, ...others] = JSON.parse(outdated.stdout).plugins
      assert.deepInclude(first, { package: cloud, version: "1.0.0", fitting: "1.2.0", latest: "2.0.0" })
      assert.deepEqual(others, [])
      const words = yield* user.formae("plugin", "list", "--outdated")
      assert.match(
        words.stdout,
        /^PACKAGE +VERSION +RANGE +NAMESPACE +FITS +LATEST\n@some\/cloud-plugin +1\.0\.0 +\^1\.0\.0 +FakeAWS +1\.2\.0 +2\.0\.0\n/,
      )
      assert.match(
        (yield* user.formae("plugin", "list")).stdout,
        /other-plugin +1\.0\.0 +latest +Other +not used yet\n/,
      )
    }),
  )

  it.live("remove a plugin by the name of its package or its own, and say which ones there are", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      assert.strictEqual((yield* user.formae("plugin", "add", user.pack("1.0.0"))).code, 0)
      const unknown = yield* user.formae("plugin", "remove", "nothing")
      assert.strictEqual(unknown.code, 2)
      assert.include(unknown.stderr, `You have not added a plugin nothing; there are: ${cloud}`)
      const removed = yield* user.formae("plugin", "remove", "fake-aws")
      assert.include(removed.stdout, `Removed ${cloud} 1.0.0`)
      assert.deepEqual([user.versions(), user.lock().plugins], [[], []])
    }),
  )

  it.live("leave a version alone as long as a command uses it", () =>
    Effect.gen(function* () {
      const user = yield* makeUser
      // It says that it has been started, and goes on when it may.
      const slow = `
        import { existsSync, writeFileSync } from "node:fs"
        writeFileSync(${JSON.stringify(user.at("started"))}, "")
        while (!existsSync(${JSON.stringify(user.at("go"))})) await new Promise((resolve) => setTimeout(resolve, 10))
        await import("./main.mjs")`
      const tarball = user.pack("1.0.0", { manifest: { entry: "slow.mjs" }, files: { "dist/slow.mjs": slow } })
      assert.strictEqual((yield* user.formae("plugin", "add", tarball)).code, 0)
      user.writeWork("net.yaml", network)
      const { child, ended } = yield* user.start("apply", "net.yaml")
      yield* Effect.repeat(
        Effect.delay(
          Effect.sync(() => user.has("started")),
          "10 millis",
        ),
        { until: (isThere) => isThere },
      )
      assert.strictEqual((yield* user.formae("plugin", "remove", cloud)).code, 0)
      assert.deepEqual(user.lock().plugins, [])
      assert.deepEqual(user.versions(), ["some+cloud-plugin@1.0.0"])
      user.write("go", "")
      yield* Effect.promise(() => ended)
      assert.strictEqual(child.exitCode, 0)
      assert.strictEqual((yield* user.formae("plugin", "add", user.pack("2.0.0"))).code, 0)
      assert.deepEqual(user.versions(), ["some+cloud-plugin@2.0.0"])
    }),
  )
})
