/**
 * What PROTOCOL.md asks of a plugin that knows nothing else of formae: first
 * frame by frame, with what no agent would send, then under the real agent.
 */
import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { HandshakeResponse } from "../../../src/protocol/Handshake.ts"
import { NativeId, RequestId, ResourceType } from "../../../src/protocol/Identity.ts"
import { LogRecord } from "../../../src/protocol/LogRecord.ts"
import { Operation } from "../../../src/protocol/Operation.ts"
import type { InProgress } from "../../../src/protocol/Progress.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { freshOperationId } from "../../operator/operations.ts"
import { callsOn } from "../clouds.ts"
import { untilGone } from "../processState.ts"
import { converse, type Exit, greeting, hurried } from "./conversation.ts"

export interface Foreign {
  readonly namespace: string
  /** Holds its manifest. */
  readonly folder: () => string
  readonly targetIn: (folder: string) => Properties
  /** A type whose resources are there at once, and are known by name. */
  readonly now: {
    readonly type: string
    readonly properties: (name: string) => Properties
    readonly changed: (name: string) => Properties
    readonly refused: Properties
  }
  /** A type whose resources are there after a while. */
  readonly later: { readonly type: string; readonly properties: Properties }
  /** Lets what goes on in the folder come to its end. */
  readonly settle: (folder: string) => void
  /** Lets creates in the folder fail in a way that may pass, until what it returns is called. */
  readonly obstruct: (folder: string) => () => void
}

const hour = 3_600_000

const manifestOf = ({ folder }: Foreign) => JSON.parse(readFileSync(join(folder(), "formae-plugin.json"), "utf8"))
const entryOf = (plugin: Foreign) => join(plugin.folder(), manifestOf(plugin).entry)

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-foreign-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true })),
)

const errorOf = ({ cause }: Exit) => cause?.[0]?.["error"]
const interrupted: Exit = { _tag: "Failure", cause: [{ _tag: "Interrupt", fiberId: null }] }

/** A greeted plugin, and what operations on its types send. */
const begin = Effect.fnUntraced(function* (plugin: Foreign) {
  const folder = yield* temporaryFolder
  const talk = yield* converse(entryOf(plugin))
  assert.strictEqual((yield* talk.greet)._tag, "Success")
  const on = (type: string, more: object) => ({
    operationId: freshOperationId(),
    resourceType: type,
    label: "it",
    targetConfig: plugin.targetIn(folder),
    ...more,
  })
  return {
    ...talk,
    folder,
    now: (more: object) => on(plugin.now.type, more),
    later: (more: object) => on(plugin.later.type, { properties: plugin.later.properties, ...more }),
    never: (more: object) =>
      on(plugin.later.type, {
        targetConfig: { ...plugin.targetIn(folder), settleMillis: hour },
        properties: plugin.later.properties,
        ...more,
      }),
  }
})

const frames = (plugin: Foreign) => {
  describe("frame by frame", () => {
    it.live("greets with what it is", () =>
      Effect.gen(function* () {
        const talk = yield* converse(entryOf(plugin))
        const said = yield* talk.greet
        const { cookie, namespace, node, protocol, types } = yield* Schema.decodeUnknownEffect(HandshakeResponse)(
          said.value,
        )
        assert.deepEqual(
          [cookie, namespace, node, protocol],
          [greeting.cookie, plugin.namespace, "it-plugin@localhost", 1],
        )
        assert.sameMembers(
          types.map(({ type }) => String(type)),
          [plugin.now.type, plugin.later.type],
        )
      }),
    )

    it.live("refuses what is no handshake of this launch, and a second one", () =>
      Effect.gen(function* () {
        const talk = yield* converse(entryOf(plugin))
        const read = {
          operationId: "early",
          resourceType: plugin.now.type,
          label: "it",
          targetConfig: plugin.targetIn("nowhere"),
          nativeId: "x",
        }
        assert.deepInclude(errorOf(yield* talk.call("Read", read)), { _tag: "ProtocolError" })
        for (const [handshake, words] of [
          [{ ...greeting, cookie: "another" }, "cookie"],
          [{ ...greeting, config: { secret: "hidden" } }, "secret"],
          [{ ...greeting, protocol: { min: 7, max: 9 } }, `upgrade the plugin`],
          [{ ...greeting, protocol: { min: 0, max: 0 } }, "upgrade the agent"],
          [{ ...greeting, settings: undefined }, "settings"],
          [null, ""],
        ] as const) {
          const error = errorOf(yield* talk.call("Handshake", handshake))
          assert.deepInclude(error, { _tag: "HandshakeRefused" })
          assert.include(JSON.stringify(error), words)
          assert.notInclude(JSON.stringify(error), "hidden")
        }
        assert.strictEqual((yield* talk.greet)._tag, "Success")
        assert.deepInclude(errorOf(yield* talk.greet), { _tag: "HandshakeRefused" })
      }),
    )

    it.live("answers what it does not know with an error of that call", () =>
      Effect.gen(function* () {
        const { call, later, never, now, send, request, answer } = yield* begin(plugin)
        yield* send(request("Create", later({}), "in flight"))
        const unknown: Exit = { _tag: "Failure", cause: [{ _tag: "Die", defect: "Unknown request tag: Nonsense" }] }
        assert.deepEqual(yield* call("Nonsense", {}), unknown)
        assert.deepEqual(yield* call("__proto__", null), {
          ...unknown,
          cause: [{ _tag: "Die", defect: "Unknown request tag: __proto__" }],
        })
        assert.deepInclude((yield* call("Read", { nativeId: 5 })).cause?.[0], { _tag: "Die" })
        assert.deepInclude(
          errorOf(yield* call("Read", { ...now({ nativeId: "x" }), resourceType: "No::Such::Type" })),
          {
            _tag: "OperationNotSupported",
            operation: "Read",
          },
        )
        assert.deepInclude(errorOf(yield* call("Watch", { operationId: "nobody's" })), { _tag: "ProtocolError" })
        assert.deepInclude(errorOf(yield* call("List", { ...never({}), pageToken: "no such page" })), {
          _tag: "ListFailed",
        })
        assert.strictEqual((yield* answer("in flight"))._tag, "Success")
      }),
    )

    it.live("reads over what is no frame, in whatever pieces frames come, and logs without showing it", () =>
      Effect.gen(function* () {
        const { call, logged, now, ping, request, write, answer } = yield* begin(plugin)
        const read = JSON.stringify(request("Read", now({ nativeId: "mïssing" }), "réad"))
        yield* write(`\n\nhidden\n42\n[]\n{"_tag":"Hidden"}\n{"_tag":"Request"}\n{"_tag":"Ack"}\n\r\n`)
        yield* write(`{"unclosed": "hidden`)
        yield* write(`\n`)
        for (const byte of Buffer.from(`${read}\r\n`)) yield* write(Uint8Array.of(byte))
        assert.deepInclude((yield* answer("réad")).value, { status: "Failed" })
        yield* call("Configure", { ...hurried, logLevel: "Error" })
        yield* write("not logged any more\n")
        yield* ping
        const records = yield* Effect.forEach(
          logged.filter((line) => line !== ""),
          (line) => Schema.decodeEffect(Schema.fromJsonString(LogRecord))(line),
        )
        assert.deepEqual(
          records.map(({ level }) => level),
          records.map(() => "Warn" as const),
        )
        assert.lengthOf(records, 7)
        assert.notInclude(JSON.stringify(records), "idden")
      }),
    )

    it.live("answers 64 calls at once, and pings while they are in flight", () =>
      Effect.gen(function* () {
        const { answer, call, folder, never, now, ping, request, send, toItsEnd } = yield* begin(plugin)
        const creates = Array.from({ length: 64 }, (_, i) =>
          request("Create", now({ properties: plugin.now.properties(`n${i}`) }), `create ${i}`),
        )
        yield* send(...creates)
        const made = yield* Effect.forEach(creates, ({ id }) => answer(id))
        for (const exit of made) assert.deepInclude(exit.value, { status: "Succeeded", attempts: 1 })

        const going = yield* Effect.forEach(
          Array.from({ length: 64 }, () => never({})),
          (create) => Effect.as(call("Create", create), create.operationId),
          { concurrency: "unbounded" },
        )
        yield* send(...going.map((operationId) => request("Watch", { operationId }, `watch ${operationId}`)))
        yield* ping
        yield* ping
        plugin.settle(folder)
        for (const operationId of going) {
          assert.deepInclude(yield* toItsEnd(`watch ${operationId}`), { status: "Succeeded" })
        }
      }),
    )

    it.live("sends the next chunk when the last one was taken", () =>
      Effect.gen(function* () {
        const { ack, answer, call, folder, hasMoreOf, nextOf, now, ping, request, send } = yield* begin(plugin)
        const pass = plugin.obstruct(folder)
        const create = now({ properties: plugin.now.properties("flaky") })
        assert.deepInclude((yield* call("Create", create)).value, { status: "InProgress", attempts: 1 })
        yield* send(request("Watch", { operationId: create.operationId }, "watch"))
        assert.deepInclude(yield* nextOf("watch"), { status: "InProgress", attempts: 2 })
        yield* Effect.repeat(ping, { times: 20 })
        assert.isFalse(yield* hasMoreOf("watch"))
        yield* ack("watch")
        assert.deepInclude(yield* nextOf("watch"), { status: "InProgress", attempts: 3 })
        pass()
        yield* ack("watch")
        assert.deepInclude(yield* nextOf("watch"), { status: "Succeeded", attempts: 4 })
        yield* ack("watch")
        assert.deepEqual(yield* answer("watch"), { _tag: "Success", value: null })
        // It was told to its end.
        assert.deepInclude(errorOf(yield* call("Watch", { operationId: create.operationId })), {
          _tag: "ProtocolError",
        })
      }),
    )

    it.live("gives up retrying when the settings say so", () =>
      Effect.gen(function* () {
        const { ack, answer, call, folder, nextOf, now, request, send } = yield* begin(plugin)
        yield* call("Configure", { ...hurried, retry: { maxRetries: 1, baseMillis: 1, capMillis: 1 } })
        const pass = plugin.obstruct(folder)
        const create = now({ properties: plugin.now.properties("hopeless") })
        assert.deepInclude((yield* call("Create", create)).value, { status: "InProgress", attempts: 1 })
        yield* send(request("Watch", { operationId: create.operationId }, "watch"))
        assert.deepInclude(yield* nextOf("watch"), { status: "Failed", attempts: 2 })
        yield* ack("watch")
        assert.deepEqual(yield* answer("watch"), { _tag: "Success", value: null })
        pass()
      }),
    )

    it.live("stops the call that is interrupted, and no other", () =>
      Effect.gen(function* () {
        const { answer, call, folder, isAnswered, never, ping, request, send, toItsEnd } = yield* begin(plugin)
        const [first, second] = [never({}), never({})]
        yield* Effect.forEach([first, second], (create) => call("Create", create))
        yield* send(
          request("Watch", { operationId: first.operationId }, "first"),
          request("Watch", { operationId: second.operationId }, "second"),
          { _tag: "Interrupt", requestId: "first" },
          { _tag: "Interrupt", requestId: "nobody's" },
        )
        assert.deepEqual(yield* answer("first"), interrupted)
        yield* ping
        assert.isFalse(isAnswered("second"))
        plugin.settle(folder)
        assert.deepInclude(yield* toItsEnd("second"), { status: "Succeeded" })
        // In one write with its request, it may come before the call has begun.
        yield* send(request("Create", never({}), "at once"), { _tag: "Interrupt", requestId: "at once" })
        yield* answer("at once")
      }),
    )

    it.live("makes one resource of a create that is sent twice", () =>
      Effect.gen(function* () {
        const { answer, call, later, never, now, request, send } = yield* begin(plugin)
        const create = now({ properties: plugin.now.properties("once") })
        yield* send(request("Create", create, "a"), request("Create", create, "b"))
        const [a, b] = [yield* answer("a"), yield* answer("b")]
        assert.deepInclude(a.value, { status: "Succeeded" })
        assert.deepEqual(a, b)
        const another = yield* call("Create", now({ properties: plugin.now.properties("once") }))
        assert.deepInclude(another.value, { status: "Failed", attempts: 1 })
        assert.include(JSON.stringify(another.value), "AlreadyExists")

        const work = never({})
        yield* send(request("Create", work, "c"), request("Create", work, "d"))
        assert.deepEqual(yield* answer("c"), yield* answer("d"))
        const { value } = yield* call("List", later({}))
        assert.lengthOf(Object(value).nativeIds, 1)
      }),
    )

    it.live("answers what the provider refuses with its code", () =>
      Effect.gen(function* () {
        const { call, now } = yield* begin(plugin)
        const codeOf = (exit: Exit) => Object(exit.value).failure?.code
        yield* call("Create", now({ properties: plugin.now.properties("a") }))
        assert.strictEqual(codeOf(yield* call("Create", now({ properties: plugin.now.refused }))), "InvalidRequest")
        assert.strictEqual(codeOf(yield* call("Read", now({ nativeId: "missing" }))), "NotFound")
        const renamed = { nativeId: "a", prior: {}, desired: plugin.now.properties("b"), patch: [] }
        assert.strictEqual(codeOf(yield* call("Update", now(renamed))), "NotUpdatable")
        const gone = yield* call("Delete", now({ nativeId: "missing" }))
        assert.deepEqual(gone.value, { status: "Succeeded", attempts: 1, nativeId: "missing", properties: {} })
      }),
    )

    it.live("ends with 0 when stdin ends, whatever is in flight", () =>
      Effect.gen(function* () {
        const idle = yield* begin(plugin)
        yield* idle.endInput
        assert.deepEqual(yield* idle.ended, { code: 0, signal: null })

        const busy = yield* begin(plugin)
        const create = busy.never({})
        yield* busy.call("Create", create)
        yield* busy.send(busy.request("Watch", { operationId: create.operationId }))
        yield* busy.endInput
        assert.deepEqual(yield* busy.ended, { code: 0, signal: null })

        // What was asked before is answered before.
        const asked = yield* begin(plugin)
        yield* asked.send(asked.request("List", asked.now({}), "last"))
        yield* asked.endInput
        assert.strictEqual((yield* asked.answer("last"))._tag, "Success")
        assert.deepEqual(yield* asked.ended, { code: 0, signal: null })
      }),
    )

    it.live("ends on SIGTERM, and does not start without an agent", () =>
      Effect.gen(function* () {
        const told = yield* begin(plugin)
        // To the group, as the agent sends it.
        yield* Effect.sync(() => process.kill(-told.pid, "SIGTERM"))
        yield* told.ended
        const alone = yield* converse(entryOf(plugin), { FORMAE_NETWORK_COOKIE: undefined })
        assert.strictEqual((yield* alone.ended).code, 64)
        assert.include(alone.logged.join("\n"), "started by the formae agent")
      }),
    )
  })
}

/** An operator of the plugin in `folder`, from a coordinator that lives as long as the scope. */
const serve = Effect.fnUntraced(function* (plugin: Foreign, folder: string = plugin.folder()) {
  const services = yield* Layer.build(
    PluginCoordinator.layerProcesses([folder]).pipe(Layer.provide(NodeServices.layer)),
  )
  return yield* Effect.gen(function* () {
    const coordinator = yield* PluginCoordinator
    const operator = (operationId = freshOperationId()) =>
      coordinator.operator({
        namespace: plugin.namespace,
        resourceUri: "it/it",
        operation: "Create",
        operationId,
      })
    const pid = Effect.map(coordinator.status, ([status]) =>
      status?.state._tag === "Ready" ? status.state.launch.identity.pid : 0,
    )
    return { operator, pid }
  }).pipe(Effect.provide(services))
})

const underTheAgent = (plugin: Foreign) => {
  const { later, now } = plugin

  describe("under the agent", () => {
    it.live("creates, reads, updates, lists and deletes", () =>
      Effect.gen(function* () {
        const { operator } = yield* serve(plugin)
        const calls = callsOn(yield* operator(), now.type, plugin.targetIn(yield* temporaryFolder))
        const created = yield* calls.create(now.properties("a"))
        if (created.status === "Failed") return assert.fail(created.failure.message)
        assert.deepInclude(created.properties, now.properties("a"))
        assert.deepEqual((yield* calls.read("a")).status === "Succeeded" && (yield* calls.read("a")), {
          ...created,
          attempts: 1,
        })
        const updated = yield* calls.update("a", now.properties("a"), now.changed("a"))
        assert.deepInclude(updated, { status: "Succeeded" })
        assert.deepInclude(updated.status === "Succeeded" ? updated.properties : {}, now.changed("a"))

        yield* Effect.forEach(["b", "c", "d", "e"], (name) => calls.create(now.properties(name)), { concurrency: 4 })
        const first = yield* calls.list({ pageSize: 3 })
        assert.lengthOf(first.nativeIds, 3)
        const second = yield* calls.list({ pageSize: 3, pageToken: first.nextPageToken ?? "" })
        assert.isUndefined(second.nextPageToken)
        assert.sameMembers([...first.nativeIds, ...second.nativeIds].map(String), ["a", "b", "c", "d", "e"])

        assert.strictEqual((yield* calls.delete("a")).status, "Succeeded")
        const gone = yield* calls.read("a")
        assert.strictEqual(gone.status === "Failed" && gone.failure.code, "NotFound")
      }),
    )

    const createLater = (folder: string) =>
      Operation.cases.Create.make({
        operationId: freshOperationId(),
        resourceType: ResourceType.make(later.type),
        label: "it",
        targetConfig: { ...plugin.targetIn(folder), settleMillis: hour },
        properties: later.properties,
      })

    it.live("goes on with what takes a while, and reports it", () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const { operator } = yield* serve(plugin)
        const seen: Array<InProgress> = []
        const ended = yield* (yield* operator()).perform(createLater(folder), (progress) =>
          Effect.sync(() => {
            seen.push(progress)
            plugin.settle(folder)
          }),
        )
        assert.deepInclude(ended, { status: "Succeeded", attempts: 1 })
        assert.lengthOf(seen, 1)
        assert.strictEqual(seen[0]?.nativeId, ended.nativeId)
      }),
    )

    it.live("P3: killed in mid-create, its next launch says what became of it, and goes on", () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const { operator, pid } = yield* serve(plugin)
        const create = createLater(folder)
        const accepted = yield* Deferred.make<InProgress>()
        const first = yield* operator()
        assert.deepEqual(yield* first.recover(create), { status: "NotStarted" })
        const creating = yield* first
          .perform(create, (progress) => Deferred.succeed(accepted, progress))
          .pipe(Effect.forkScoped)
        const progress = yield* Deferred.await(accepted)
        const [nativeId, requestId] = [NativeId.make(progress.nativeId ?? ""), RequestId.make(progress.requestId ?? "")]
        const killed = yield* pid
        process.kill(killed, "SIGKILL")
        assert.deepInclude(yield* Effect.flip(Fiber.join(creating)), { _tag: "ConnectionLost", sent: true })

        const next = yield* operator()
        assert.notStrictEqual(yield* pid, killed)
        assert.deepEqual<unknown>(yield* next.recover(create), { status: "InProgress", requestId, nativeId })
        plugin.settle(folder)
        assert.deepInclude(yield* next.recover(create), { status: "Done", nativeId })
        const { operationId: _, properties: __, _tag: ___, ...subject } = create
        const status = Operation.cases.Status.make({
          ...subject,
          operationId: freshOperationId(),
          requestId,
        })
        assert.deepInclude(yield* next.perform(status, () => Effect.void), { status: "Succeeded", nativeId })
        const again = yield* next.perform(create, () => Effect.void)
        assert.deepInclude(again, { status: "Succeeded", nativeId })
        const calls = callsOn(next, later.type, plugin.targetIn(folder))
        assert.deepEqual<unknown>((yield* calls.list()).nativeIds, [nativeId])
      }),
    )

    it.live("P1: what is printed to its stdout harms nothing", () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const noisy = join(folder, "noisy")
        mkdirSync(noisy)
        writeFileSync(join(noisy, "formae-plugin.json"), JSON.stringify({ ...manifestOf(plugin), entry: "main.mjs" }))
        writeFileSync(
          join(noisy, "main.mjs"),
          `import { writeSync } from "node:fs"
          writeSync(1, 'junk\\n{"_tag":"Exit","requestId":1')
          setInterval(() => writeSync(1, 'half a line of {"_tag":'), 1).unref()
          process.argv[1] = ${JSON.stringify(entryOf(plugin))}
          await import(${JSON.stringify(pathToFileURL(entryOf(plugin)).href)})`,
        )
        const { operator } = yield* serve(plugin, noisy)
        const calls = callsOn(yield* operator(), now.type, plugin.targetIn(folder))
        for (const name of ["a", "b", "c", "d"]) {
          assert.strictEqual((yield* calls.create(now.properties(name))).status, "Succeeded")
        }
        assert.lengthOf((yield* calls.list()).nativeIds, 4)
      }),
    )

    it.live("P4: is gone when its agent has closed", () =>
      Effect.gen(function* () {
        const pid = yield* Effect.scoped(
          Effect.gen(function* () {
            const served = yield* serve(plugin)
            yield* served.operator()
            return yield* served.pid
          }),
        )
        assert.isAbove(pid, 0)
        yield* untilGone(pid)
      }),
    )
  })
}

export const foreignSuite = (plugin: Foreign) => {
  frames(plugin)
  underTheAgent(plugin)
}
