import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as Schema from "effect/Schema"
import {
  chooseProtocol,
  formatProtocol,
  HandshakeRequest,
  type ProtocolRange,
  supportedProtocol,
} from "../../src/protocol/Handshake.ts"
import { TypeCapabilities } from "../../src/protocol/Resource.ts"

const range = (min: number, max: number): ProtocolRange => ({ min, max })
const small = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6 }))

describe("the answer of a plugin that is older than a field", () => {
  it.effect("is read with the default of the field", () =>
    Effect.gen(function* () {
      const { targetIdentity } = yield* Schema.decodeEffect(TypeCapabilities)({
        type: "Suite::Of::Thing",
        idempotency: "name",
        listable: false,
        properties: {},
        schema: {},
      })
      assert.deepEqual(targetIdentity, [])
    }),
  )
})

describe("the version of the protocol", () => {
  it.each<[ProtocolRange, ProtocolRange, number | undefined]>([
    [range(1, 1), range(1, 1), 1],
    [range(1, 3), range(2, 5), 3],
    [range(2, 5), range(1, 3), 3],
    [range(1, 5), range(2, 3), 3],
    [range(1, 2), range(2, 9), 2],
    [range(1, 2), range(3, 4), undefined],
    [range(3, 4), range(1, 2), undefined],
  ])("of %j and %j is %s", (ours, theirs, version) => {
    assert.strictEqual(chooseProtocol(ours, theirs), version)
  })

  it.prop("is the highest that both speak, whichever side chooses", [small, small, small, small], ([a, b, c, d]) => {
    const ours = range(Math.min(a, b), Math.max(a, b))
    const theirs = range(Math.min(c, d), Math.max(c, d))
    const speak = ({ max, min }: ProtocolRange, version: number) => version >= min && version <= max
    const common = [0, 1, 2, 3, 4, 5, 6].filter((version) => speak(ours, version) && speak(theirs, version))
    assert.strictEqual(chooseProtocol(ours, theirs), common.at(-1))
    assert.strictEqual(chooseProtocol(theirs, ours), common.at(-1))
  })

  it("is written in words", () => {
    assert.deepEqual([formatProtocol(supportedProtocol), formatProtocol(range(2, 4))], ["1", "2 to 4"])
  })
})

describe("the settings of a plugin in the handshake", () => {
  const codec = RpcSerialization.ndjson.codecFor(HandshakeRequest.fields.config)
  const config = { endpoint: "https://cloud", nested: { token: "canary" } }

  it.effect("are plain JSON on the pipe, and hidden on both sides of it", () =>
    Effect.gen(function* () {
      const decoded = yield* Schema.decodeEffect(codec)(config)
      assert.notInclude(`${String(decoded)}${JSON.stringify(decoded)}`, "canary")
      assert.deepEqual(Redacted.value(decoded), config)
      assert.deepEqual(yield* Schema.encodeEffect(codec)(Redacted.make(config)), config)
    }),
  )

  it.effect.each(["canary", ["canary"], { token: undefined, canary: () => "canary" }])(
    "are not shown by the error if they are not a JSON object: %j",
    (wrong) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Schema.decodeUnknownEffect(HandshakeRequest.fields.config)(wrong))
        assert.notInclude(`${error.message}${String(error)}`, '"canary"')
      }),
  )
})
