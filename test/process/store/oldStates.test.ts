/** States that formae 0.1.0 has left, opened by the present formae. Their README says how they were made. */
import { existsSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { localFolder } from "../../bundles/folders.ts"
import { makeFolder } from "../formaeCommand.ts"
import { decodeResult, resultOf } from "../jsonOutput.ts"
import { columnIn } from "../rows.ts"
import { bringOldState } from "./oldState.ts"

/** A folder with the state `name`, and the commands on it. */
const open = (name: string, ...flags: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const folder = yield* makeFolder
    const { at } = folder
    bringOldState("0.1.0", name, at)
    // The command did not make this state itself.
    const formae = (...args: ReadonlyArray<string>) => folder.formae(...args, "--trust", ".")
    const run = (...command: ReadonlyArray<string>) => formae(...command, ...flags, "--json")
    return {
      ...folder,
      formae,
      /** The result of a command in short. */
      run: (...command: ReadonlyArray<string>) => Effect.flatMap(run(...command), resultOf),
      /** The resources of a result that somebody else owns too, each with that owner. */
      sharersOf: (...command: ReadonlyArray<string>) =>
        Effect.map(
          Effect.flatMap(run(...command), ({ stdout }) => decodeResult(stdout)),
          ({ resources }) =>
            resources.flatMap(({ label, sharedWith }) => (sharedWith === undefined ? [] : [`${label} ${sharedWith}`])),
        ),
      /** Each resource of the inventory as `forma/label native-id`, and the note. */
      inventory: Effect.map(
        Effect.flatMap(run("inventory"), ({ stdout }) => decodeResult(stdout)),
        ({ note, resources }) => ({
          rows: resources.map(({ forma, label, nativeId }) => `${forma}/${label} ${nativeId}`),
          note,
        }),
      ),
    }
  })

/** The native ids that a cloud has. `where` limits them. */
const idsIn = (cloud: string, where = "true") =>
  columnIn(cloud, `SELECT native_id FROM resources WHERE ${where} ORDER BY native_id`)

const allNoop = (...labels: ReadonlyArray<string>) => labels.map((label) => `${label} noop`)

describe("a state of 0.1.0", () => {
  it.live("opens: nothing is planned, a changed secret is noticed, and all of it can be destroyed", () =>
    Effect.gen(function* () {
      const { at, inventory, run, textOf, write } = yield* open("plain")
      const labels = ["net", "pictures", "web", "password", "widget", "block"]
      const there = yield* idsIn(at("cloud.db"))
      assert.lengthOf(there, labels.length)
      const idOf = (row: string) => row.split(" ")[1] ?? ""
      const { rows } = yield* inventory
      assert.deepEqual(rows.map(idOf).toSorted(), [...there])
      assert.sameMembers(
        rows.map((row) => row.split(" ")[0]),
        labels.map((label) => `plain/${label}`),
      )

      const planned = yield* run("plan", "plain.yaml")
      assert.strictEqual(planned.status, "plan planned")
      assert.sameMembers([...planned.resources], allNoop(...labels))
      const applied = yield* run("apply", "plain.yaml")
      assert.strictEqual(applied.status, "apply succeeded")
      assert.sameMembers([...applied.resources], allNoop(...labels))
      assert.deepEqual(yield* idsIn(at("cloud.db")), there)

      write("plain.yaml", textOf("plain.yaml").replace("a secret of the fixtures", "another secret"))
      assert.include((yield* run("plan", "plain.yaml")).resources, "password update")

      const destroyed = yield* run("destroy", "plain.yaml")
      assert.strictEqual(destroyed.status, "destroy succeeded")
      assert.deepEqual(yield* idsIn(at("cloud.db")), [])
      assert.deepEqual((yield* inventory).rows, [])
    }),
  )

  it.live("knows two places: the same native id in both, and two names of one", () =>
    Effect.gen(function* () {
      const { at, inventory, run, sharersOf, textOf, write } = yield* open("two-places")
      assert.deepEqual(
        yield* columnIn(
          at(".formae/state.db"),
          `SELECT label || ' at ' || target || ': ' || target_config FROM resources WHERE type LIKE '%Bucket' ORDER BY label`,
        ),
        [
          `films at archive: {"cloud":"./europe.db","region":"eu-west-1","settleMillis":0}`,
          `pictures-america at america: {"cloud":"./america.db","region":"us-east-1","settleMillis":0}`,
          `pictures-europe at europe: {"cloud":"./europe.db","region":"eu-west-1","settleMillis":0}`,
        ],
      )
      const { rows } = yield* inventory
      assert.lengthOf(rows, 7)
      assert.includeMembers(rows, ["places/pictures-america pictures", "places/pictures-europe pictures"])
      const planned = yield* run("plan", "places.yaml")
      assert.lengthOf(planned.resources, 7)
      assert.deepEqual(
        planned.resources.filter((resource) => !resource.endsWith(" noop")),
        [],
      )
      assert.deepEqual(yield* sharersOf("plan", "places.yaml"), [])

      // The same native id elsewhere is another thing: it is deleted here, and not there.
      const lines = textOf("places.yaml").split("\n")
      write("places.yaml", lines.filter((line) => !line.includes("label: pictures-europe")).join("\n"))
      const dropped = yield* run("apply", "places.yaml")
      assert.include(dropped.resources, "pictures-europe delete")
      assert.notInclude(yield* idsIn(at("europe.db")), "pictures")
      assert.include(yield* idsIn(at("america.db")), "pictures")
      assert.strictEqual((yield* run("destroy", "places.yaml")).status, "destroy succeeded")
      assert.deepEqual([...(yield* idsIn(at("europe.db"))), ...(yield* idsIn(at("america.db")))], [])
    }),
  )
})

describe("a state of 0.1.0 whose labels are renamed before anything else", () => {
  it.live("keeps what the plugin can identify, and what the document moves", () =>
    Effect.gen(function* () {
      const { at, run, textOf, write } = yield* open("plain")
      const there = yield* idsIn(at("cloud.db"))
      const renamed = textOf("plain.yaml")
        .replace("label: pictures", "label: photos")
        .replace("label: net,", "label: network,")
        .replaceAll("net.VpcId", "network.VpcId")
      write("plain.yaml", `${renamed}\nmoved: [{ from: net, to: network }]\n`)
      const labels = allNoop("network", "photos", "web", "password", "widget", "block")
      for (const command of ["plan", "apply", "plan"]) {
        assert.sameMembers([...(yield* run(command, "plain.yaml")).resources], labels, command)
      }
      assert.deepEqual(yield* idsIn(at("cloud.db")), there)
    }),
  )
})

describe("a state of 0.1.0 whose names were made from file names", () => {
  const names = [
    ["a.b", "a-b"],
    ["販売", "_--"],
    ["2026", "_2026"],
    ["plain_name", "plain_name"],
  ] as const

  it.live.each(names)("plans and applies nothing for %s.yaml", ([file]) =>
    Effect.gen(function* () {
      const { at, run } = yield* open("document-names")
      const there = yield* idsIn(at("cloud.db"))
      assert.deepEqual(yield* run("plan", `${file}.yaml`), { status: "plan planned", resources: ["net noop"] })
      assert.deepEqual(yield* run("apply", `${file}.yaml`), { status: "apply succeeded", resources: ["net noop"] })
      assert.deepEqual(yield* idsIn(at("cloud.db")), there)
    }),
  )

  it.live.each(names.filter(([file, name]) => file !== name))(
    "adopts for %s.yaml what was %s, once, and says it",
    ([file, name]) =>
      Effect.gen(function* () {
        const { formae, inventory } = yield* open("document-names")
        const noteOf = (command: string) =>
          Effect.map(
            Effect.flatMap(formae(command, `${file}.yaml`, "--json"), ({ stdout }) => decodeResult(stdout)),
            ({ note = "" }) => note.split("\n").filter((line) => line.includes("as formae 0.1.0 called")),
          )
        const adopted = `the resources of ${name}, as formae 0.1.0 called the document, are those of ${file}`
        assert.deepEqual(yield* noteOf("plan"), [adopted])
        assert.deepEqual(yield* noteOf("apply"), [adopted])
        assert.deepEqual(yield* noteOf("apply"), [])
        const formaeOf = Effect.map(inventory, ({ rows }) => rows.map((row) => row.split("/")[0]))
        assert.include(yield* formaeOf, file)
        assert.notInclude(yield* formaeOf, name)
      }),
  )

  it.live.each([
    ["a-b", "a.b"],
    ["人事", "販売"],
  ] as const)("asks whose it is for %s.yaml, which had the same name as %s.yaml and was not applied", ([file, owner]) =>
    Effect.gen(function* () {
      const { at, formae } = yield* open("document-names")
      const there = yield* idsIn(at("cloud.db"))
      const ask = Effect.gen(function* () {
        for (const command of ["plan", "apply", "destroy"]) {
          const ended = yield* formae(command, `${file}.yaml`)
          assert.strictEqual(ended.code, 2)
          assert.include(ended.stderr, `${owner}.yaml`)
          assert.include(ended.stderr, 'Write "name:')
        }
      })
      yield* ask
      assert.strictEqual((yield* formae("apply", `${owner}.yaml`)).code, 0)
      yield* ask
      assert.deepEqual(yield* idsIn(at("cloud.db")), there)
    }),
  )

  it.live("lists the names that it has", () =>
    Effect.gen(function* () {
      const { rows } = yield* (yield* open("document-names")).inventory
      assert.deepEqual(
        rows.map((row) => row.split("/")[0]).toSorted(),
        [...names.map(([, name]) => name), "stdin", "_63"].toSorted(),
      )
    }),
  )

  /** What came through a pipe was named after the pipe. */
  it.live.each([
    ["a.b", "a-b"],
    ["販売", "_--"],
    ["piped", "stdin"],
    ["substituted", "_63"],
  ] as const)("plans nothing for %s.yaml if it gives the name %s itself", ([file, name]) =>
    Effect.gen(function* () {
      const { run, textOf, write } = yield* open("document-names")
      write("given.yaml", `name: ${name}\n${textOf(`${file}.yaml`)}`)
      assert.deepEqual(yield* run("plan", "given.yaml"), { status: "plan planned", resources: ["net noop"] })
    }),
  )
})

describe("a state of 0.1.0, converted for this version", () => {
  it.live("is copied first, which is said once", () =>
    Effect.gen(function* () {
      const { at, formae, inventory } = yield* open("plain")
      // A plan changes nothing, and so converts nothing.
      assert.notInclude((yield* formae("plan", "plain.yaml")).stdout, "is a copy from before")
      const { stdout } = yield* formae("apply", "plain.yaml")
      const [, backup = ""] =
        /the state file was written by an earlier version .*; (\S+) is a copy from before/.exec(stdout) ?? []
      assert.match(backup, /state\.db\.before-\d+\.\d+\.\d+$/)
      const { note, rows } = yield* inventory
      assert.notInclude(note ?? "", "is a copy from before")
      assert.lengthOf(yield* columnIn(at(backup), "SELECT label FROM resources"), rows.length)
    }),
  )
})

describe("a state of 0.1.0 in which one thing has several owners", () => {
  const openShared = open("duplicate-owners", "--plugins", localFolder)
  const ownersOf = (rows: ReadonlyArray<string>, file: string) =>
    rows.filter((row) => row.endsWith(`/${file}`)).map((row) => row.split(" ")[0])

  it.live("plans nothing for either document, and says who owns it too", () =>
    Effect.gen(function* () {
      const { inventory, run, sharersOf, textOf } = yield* openShared
      const labels = allNoop("note", "copy", "own")
      const other = allNoop("letter", "index")
      assert.deepEqual(yield* run("plan", "labels.yaml"), { status: "plan planned", resources: labels })
      assert.deepEqual(yield* run("plan", "other.yaml"), { status: "plan planned", resources: other })
      assert.deepEqual(yield* sharersOf("plan", "labels.yaml"), [
        "note other/letter, labels/copy",
        "copy other/letter, labels/note",
      ])
      assert.deepEqual(yield* sharersOf("plan", "other.yaml"), ["letter labels/copy, labels/note"])
      for (const _ of ["for the places", "and with them"]) {
        assert.deepEqual(yield* run("apply", "labels.yaml"), { status: "apply succeeded", resources: labels })
        assert.deepEqual(yield* run("apply", "other.yaml"), { status: "apply succeeded", resources: other })
      }
      assert.deepEqual(ownersOf((yield* inventory).rows, "note.txt"), ["labels/copy", "labels/note", "other/letter"])
      assert.strictEqual(textOf("note.txt"), "hello")
    }),
  )

  it.live("forgets a label that is dropped: the file stays", () =>
    Effect.gen(function* () {
      const { at, inventory, run, textOf, write } = yield* openShared
      const lines = textOf("labels.yaml").split("\n")
      write("labels.yaml", lines.filter((line) => !line.includes("label: copy")).join("\n"))
      const dropped = [...allNoop("note", "own"), "copy forget"]
      assert.deepEqual(yield* run("plan", "labels.yaml"), { status: "plan planned", resources: dropped })
      assert.deepEqual(yield* run("apply", "labels.yaml"), { status: "apply succeeded", resources: dropped })
      assert.strictEqual(textOf("note.txt"), "hello")
      assert.deepEqual(ownersOf((yield* inventory).rows, "note.txt"), ["labels/note", "other/letter"])

      write("labels.yaml", lines.filter((line) => !/label: (copy|note)/.test(line)).join("\n"))
      assert.deepEqual((yield* run("apply", "labels.yaml")).resources, ["own noop", "note forget"])
      assert.strictEqual(textOf("note.txt"), "hello", at("note.txt"))
    }),
  )

  it.live("leaves the file of one document when the other is destroyed, and deletes it with the last", () =>
    Effect.gen(function* () {
      const { at, inventory, run, textOf } = yield* openShared
      assert.deepEqual(yield* run("destroy", "other.yaml"), {
        status: "destroy succeeded",
        resources: ["index delete", "letter forget"],
      })
      assert.strictEqual(textOf("note.txt"), "hello")
      assert.isFalse(existsSync(at("index.txt")))
      assert.deepEqual((yield* run("plan", "labels.yaml")).resources, allNoop("note", "copy", "own"))
      const destroyed = yield* run("destroy", "labels.yaml")
      assert.sameMembers([...destroyed.resources], ["copy delete", "note forget", "own delete"])
      assert.isFalse(existsSync(at("note.txt")))
      assert.deepEqual((yield* inventory).rows, [])
    }),
  )
})

describe("a state of 0.1.0 with an apply that was killed", () => {
  const cutOff = /^the apply of shop, started at 2025-01-01T.*Z, was cut off/

  it.live("lists what exists, and plans what is still to do", () =>
    Effect.gen(function* () {
      const { inventory, run } = yield* open("open-operations")
      const { note, rows } = yield* inventory
      assert.match(note ?? "", cutOff)
      assert.deepEqual(
        rows.map((row) => row.split(" ")[0]),
        ["shop/gone", "shop/net", "shop/pictures", "shop/web"],
      )
      assert.deepEqual(yield* run("plan", "shop.yaml"), {
        status: "plan failed",
        resources: [
          "net noop",
          "pictures update",
          "lost create: NeedsAttention",
          "password create",
          "archive create",
          "old create",
          "web noop",
          "gone delete",
        ],
      })
    }),
  )

  it.live.each([["resume"], ["apply", "shop.yaml"]])("is finished by %s: nothing is made twice", (command) =>
    Effect.gen(function* () {
      const { at, inventory, run } = yield* open("open-operations")
      const cloud = at("cloud.db")
      const before = yield* idsIn(cloud)
      // The provider has carried out three creates and the delete.
      assert.lengthOf(before, 6)
      const finished = yield* run(...command)
      assert.sameMembers(
        [...finished.resources],
        [
          "net noop",
          "pictures update",
          "lost create: NeedsAttention",
          "password create",
          "archive create",
          "old create: NeedsAttention",
          "web create",
          "gone delete",
        ],
      )
      assert.deepEqual(yield* idsIn(cloud), [...before, "archive"].toSorted())
      assert.deepEqual(
        yield* columnIn(cloud, "SELECT properties ->> 'SecretString' FROM resources WHERE type LIKE '%Secret'"),
        ["a secret of the fixtures"],
      )

      const [lost = ""] = yield* idsIn(cloud, "properties ->> 'Model' = 'lost'")
      const [old = ""] = yield* idsIn(cloud, "properties ->> 'Model' = 'old'")
      assert.strictEqual((yield* run("adopt", "lost", lost)).status, "adopt succeeded")
      assert.strictEqual((yield* run("adopt", "old", old, "--forma", "shop")).status, "adopt succeeded")
      const again = yield* run("apply", "shop.yaml")
      assert.strictEqual(again.status, "apply succeeded")
      assert.deepEqual(
        again.resources.filter((resource) => !resource.endsWith(" noop")),
        [],
      )
      const { note, rows } = yield* inventory
      assert.isUndefined(note)
      assert.deepEqual(rows.map((row) => row.split(" ")[1] ?? "").toSorted(), [...(yield* idsIn(cloud))])
    }),
  )
})
