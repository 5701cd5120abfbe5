import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients } from "../../../plugins/azure/src/AzureClients.ts"
import { StorageTarget } from "../../../plugins/azure/src/Target.ts"
import { AzureEmulator, layerAzurite } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { markedSuite } from "./markedSuite.ts"

const calls = Effect.map(AzureEmulator, (target) => callsOf("Azure::Storage::Blob", target))
const container = (Name: string) =>
  Effect.flatMap(AzureEmulator, (target) => callsOf("Azure::Storage::BlobContainer", target).create({ Name }))

const letter = {
  ContainerName: "letters",
  Name: "a/b c.txt",
  Content: "Dear Zoë",
  ContentType: "text/plain; charset=utf-8",
  Metadata: { team: "orders" },
}
const note = { ContainerName: "shelf", Name: "note", Content: "ours" }

layer(layerAzurite, { excludeTestServices: true })("Azure::Storage::Blob on azurite", (it) => {
  it.effect("is created, read, changed and deleted", () =>
    Effect.gen(function* () {
      const blob = yield* calls
      yield* container("letters")
      const { nativeId } = yield* blob.create(letter)
      assert.strictEqual(nativeId, "letters/a/b c.txt")
      const { Url = null, ...set } = yield* blob.read(nativeId)
      assert.match(String(Url), /\/devstoreaccount1\/letters\/a/)
      assert.deepStrictEqual(set, letter)

      const desired = { ContainerName: "letters", Name: "a/b c.txt", Content: "" }
      const updated = yield* blob.update(nativeId, desired, [{ op: "remove", path: "/ContentType" }])
      assert.strictEqual(updated.nativeId, nativeId)
      assert.deepStrictEqual(updated.properties, {
        ...desired,
        ContentType: "application/octet-stream",
        Metadata: { team: "orders" },
        Url,
      })
      const again = yield* blob.create(letter)
      assert.deepStrictEqual(again.properties, updated.properties, "still recognized as our own, and left unchanged")

      assert.strictEqual((yield* blob.delete(nativeId))._tag, "Succeeded")
      assert.strictEqual((yield* Effect.flip(blob.read(nativeId))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(blob.delete(nativeId))).code, "NotFound")
    }),
  )

  markedSuite(it, {
    calls: Effect.tap(calls, container("shelf")),
    properties: note,
    foreign: { ...note, Content: "theirs" },
  })

  it.effect("is listed container by container and page by page", () =>
    Effect.gen(function* () {
      const blob = yield* calls
      const names = ["list-a/1", "list-a/2", "list-a/3", "list-c/1"]
      yield* Effect.forEach(["list-a", "list-b", "list-c"], container)
      yield* Effect.forEach(names, (id) =>
        blob.create({ ContainerName: id.slice(0, 6), Name: id.slice(7), Content: id }),
      )
      const pages = yield* blob.list(2)
      assert.isTrue(pages.every((page) => page.length <= 2))
      assert.deepStrictEqual(
        pages.flat().filter((id) => id.startsWith("list-")),
        names,
      )
      for (const pageToken of ["nonsense", "{}x", '{"container":7}']) {
        assert.strictEqual((yield* Effect.flip(blob.page(pageToken))).code, "InvalidRequest")
      }
    }),
  )

  it.effect("is refused in a missing container, or with too much text", () =>
    Effect.gen(function* () {
      const blob = yield* calls
      const nowhere = yield* Effect.flip(blob.create({ ContainerName: "nowhere", Name: "note", Content: "x" }))
      assert.strictEqual(nowhere.code, "NotFound")
      const tooLong = yield* Effect.flip(
        blob.create({ ContainerName: "nowhere", Name: "note", Content: "x".repeat(1024 * 1024 + 1) }),
      )
      assert.strictEqual(tooLong.code, "InvalidRequest")
      assert.include(tooLong.message, "Content")
    }),
  )

  it.effect("is not read if someone else has made it too large", () =>
    Effect.gen(function* () {
      const blob = yield* calls
      yield* container("attic")
      const { nativeId } = yield* blob.create({ ContainerName: "attic", Name: "trunk", Content: "small" })
      const { blobs } = yield* AzureClients
      const target = yield* Schema.decodeEffect(StorageTarget)(yield* AzureEmulator)
      yield* blobs(target)((client) => {
        const trunk = client.getContainerClient("attic").getBlockBlobClient("trunk")
        return trunk.upload("x".repeat(1024 * 1024 + 1), 1024 * 1024 + 1)
      })
      const refused = yield* Effect.flip(blob.read(nativeId))
      assert.strictEqual(refused.code, "GeneralServiceException")
      assert.include(refused.message, "1048577 bytes")
      assert.strictEqual((yield* blob.delete(nativeId))._tag, "Succeeded")
    }),
  )
})
