/** The kit itself is tested by a plugin with one fault at a time: exactly the checks that it should fail do. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { fileURLToPath } from "node:url"
import { HostEnvironment } from "../../../src/agent/index.ts"
import { oneIn } from "../../shortForm.ts"
import { allChecks, type CheckId, testPlugin } from "../../../src/testing/conformance/index.ts"

const directory = fileURLToPath(new URL("../../fixtures/plugins/wrong", import.meta.url))

/** A fault, and what it fails; `warns` where the protocol says should. */
const table: ReadonlyArray<readonly [fault: string, fails: ReadonlyArray<CheckId>, warns?: ReadonlyArray<CheckId>]> = [
  ["none", []],
  ["answers before the handshake", ["handshake.first"]],
  ["stumbles over a byte order mark", ["frames.start"]],
  ["leaves a field out of its handshake", ["handshake.answer"]],
  ["returns another cookie", ["handshake.cookie"]],
  ["claims another namespace", ["handshake.namespace"]],
  ["chooses a protocol that it does not speak", ["handshake.protocol"]],
  ["has another version than its manifest", [], ["handshake.identity"]],
  ["describes a type twice", ["handshake.types"]],
  ["uses a feature that it does not announce", ["handshake.features"]],
  ["declares paths of what it does not have", ["handshake.features"]],
  ["gives forms that change when they are given again", ["type.canonical"]],
  ["accepts a second handshake", ["handshake.second"]],
  ["accepts any cookie", ["handshake.wrongCookie"]],
  ["accepts any protocol", ["handshake.newerAgent", "handshake.olderAgent"]],
  ["does not say what to upgrade", ["handshake.newerAgent", "handshake.olderAgent"]],
  ["prints the values of its settings", ["handshake.config"]],
  ["mistakes an empty config for settings", ["handshake.config"]],
  ["starts without a cookie", [], ["process.noCookie"]],
  ["crashes on junk", ["frames.junk"]],
  ["refuses unknown fields", ["frames.unknownFields"]],
  ["prints to stdout", [], ["frames.stdout"]],
  ["answers each call twice", [], ["frames.stdout"]],
  ["answers no ping while it works", ["frames.ping"]],
  ["continues an interrupted call", ["frames.interrupt"]],
  ["interrupts all calls at once", ["frames.interrupt"]],
  ["accepts no call after Eof", ["frames.eof"]],
  ["loses calls when there are many", ["frames.concurrent"]],
  ["fails an unknown call in its own way", ["calls.unknownCall"]],
  ["accepts any resource type", ["calls.unknownType"]],
  ["crashes on an invalid payload", ["calls.badPayload"]],
  ["watches an unknown operation", ["calls.watchUnknown"]],
  ["does not know Configure", ["calls.configure"]],
  ["fails to stop what is not under way", ["calls.stopRetrying"]],
  ["ends what it should only try no more", ["calls.stopRetrying"]],
  ["exits with code 1", ["process.endOfInput", "process.endOfInputInFlight"]],
  ["waits for its calls when its stdin has ended", ["process.endOfInputInFlight"]],
  ["stays when its stdin has ended", ["process.endOfInput", "process.endOfInputInFlight", "process.drain"]],
  ["ignores SIGTERM", ["process.terminate"]],
  ["declares another schema than it accepts", ["type.schema"]],
  ["cannot tell that a create was never sent", ["type.notStarted"]],
  ["cannot create", ["type.create"]],
  ["has no request id", ["type.inProgress"]],
  ["reads back less than was given", ["type.readBack", "type.noChange", "type.update"]],
  ["reads back what it does not declare", ["type.readBack"]],
  ["returns another value than was given", ["type.noChange", "type.update"]],
  ["reads back its secret", ["type.writeOnly", "type.secrets"]],
  ["says another place each time", ["type.place"]],
  ["says another place where the target is written in another way", ["type.place"]],
  ["cannot identify what is not known whole", ["type.place", "type.identity"]],
  ["says another native id than its create has", ["type.identity"]],
  ["says NotStarted about a resource that it created", ["type.recovered", "type.killed"]],
  ["claims a resource that only has the same name", ["type.otherOperation"]],
  ["creates a second resource for a repeated create", ["type.recovered", "type.repeatedCreate", "type.killed"]],
  ["lists nothing", ["type.list", "type.listPages"]],
  ["ignores the page size", ["type.listPages", "type.listToken"]],
  ["repeats its pages for ever", ["type.listPages"]],
  ["accepts any page token", ["type.listToken"]],
  ["fails a list in its own way", ["type.listToken"]],
  ["changes the native id in an update", ["type.update"]],
  ["does not update", ["type.update"], ["type.createOnlyUpdate"]],
  ["changes what can only be set at create", [], ["type.createOnlyUpdate"]],
  ["declares nothing as create-only", ["type.createOnly"]],
  ["accepts any properties", ["type.badProperties"]],
  ["accepts any target", ["type.badTarget"]],
  ["cannot delete", ["type.delete", "type.outOfBand"]],
  ["reads what does not exist", ["type.notFound", "type.outOfBand"]],
  ["fails to delete what does not exist", ["type.deleteAgain"]],
  ["caches what it has read", ["type.outOfBand"]],
  ["keeps its work in memory", ["type.statusLater"]],
  ["remembers only in memory what it created", ["type.killed"]],
  ["logs its secrets", ["type.secrets"]],
  ["quotes a secret in an error", ["type.secrets"]],
]

it("each check is failed by a fault", () => {
  const failed = table.flatMap(([, fails, warns = []]) => [...fails, ...warns])
  assert.sameMembers([...new Set(failed)], Object.keys(allChecks))
})

/** Soon, because some faults never answer. */
const limits = { answerMillis: 3_000, exitGraceMillis: 2_000, operationMillis: 10_000 }

/** Each is a dozen processes: more of them at once would only be in each other's way. */
const turns = Semaphore.makeUnsafe(2)

describe("a plugin that", { concurrent: true, timeout: 120_000 }, () => {
  it.live.each(oneIn(4, table))("%s", ([fault, fails, warns = []]) =>
    Effect.gen(function* () {
      const { checks } = yield* testPlugin({ directory, limits }).pipe(
        Effect.provideService(HostEnvironment, { ...process.env, WRONG_FAULT: fault }),
        Effect.provide(NodeServices.layer),
        turns.withPermit,
      )
      const found = checks.filter(({ status }) => status === "failed" || status === "warned")
      const idsOf = (wanted: string) => found.filter(({ status }) => status === wanted).map(({ id }) => id)
      const told = JSON.stringify(found, null, 2)
      assert.sameMembers(idsOf("failed"), [...fails], told)
      assert.sameMembers(idsOf("warned"), [...warns], told)
    }),
  )
})
