import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as Schema from "effect/Schema"
import {
  CanonicalizeRequest,
  CanonicalProperties,
  CallError,
  CreateRequest,
  DeleteRequest,
  Failure,
  Finished,
  HandshakeRefused,
  HandshakeRequest,
  HandshakeResponse,
  Identification,
  IdentifyFailed,
  IdentifyRequest,
  LeaseRequest,
  ListFailed,
  ListPage,
  ListRequest,
  LogRecord,
  Operation,
  OperationError,
  OperationId,
  OperatorError,
  OperatorSettings,
  PatchOperation,
  PluginRpcs,
  Progress,
  ProtocolRange,
  ReadRequest,
  ResourceState,
  StatusRequest,
  TypeCapabilities,
  UpdateRequest,
} from "formae/protocol"
import { fuzzRuns } from "../transport/fuzzedFrames.ts"

/** Everything that crosses the pipe. */
const crossing = {
  CanonicalizeRequest,
  CanonicalProperties,
  HandshakeRequest,
  HandshakeResponse,
  HandshakeRefused,
  ProtocolRange,
  OperatorSettings,
  CreateRequest,
  ReadRequest,
  UpdateRequest,
  DeleteRequest,
  StatusRequest,
  ListRequest,
  ListPage,
  ListFailed,
  IdentifyRequest,
  Identification,
  IdentifyFailed,
  LeaseRequest,
  OperationError,
  WatchRequest: Schema.Struct({ operationId: OperationId }),
  Operation,
  Progress,
  Finished,
  Failure,
  CallError,
  OperatorError,
  PatchOperation,
  ResourceState,
  TypeCapabilities,
  LogRecord,
}

/**
 * Whether an object has a key that JSON escapes. After a key with a backslash,
 * the JSON.parse of V8 may read such a key as another one (nodejs/node#63785),
 * which has nothing to do with these schemas.
 */
const hasEscapedKey = (value: unknown): boolean => {
  let found = false
  JSON.stringify(value, (key, inner) => {
    found ||= JSON.stringify(key) !== `"${key}"`
    return inner
  })
  return found
}

describe("what crosses the pipe arrives unchanged", () => {
  const roundTrip = <S extends Schema.Codec<unknown, unknown>>(name: string, schema: S) => {
    // As the connection encodes it.
    const codec = RpcSerialization.ndjson.codecFor(schema)
    const encode = Schema.encodeUnknownEffect(codec)
    const decode = Schema.decodeUnknownEffect(codec)
    return it.effect.prop(
      name,
      [Arbitrary.schema(schema)],
      ([value]) =>
        Effect.gen(function* () {
          const encoded = yield* encode(value)
          if (hasEscapedKey(encoded)) return
          const line = JSON.stringify(encoded)
          assert.notInclude(line, "\n")
          const back = yield* decode(JSON.parse(line))
          // With Equal, because to it 0 and -0 are the same number, as in JSON.
          assert.isTrue(Equal.equals(back, value), line)
        }),
      fuzzRuns(30),
    )
  }
  for (const [name, schema] of Object.entries(crossing)) roundTrip(name, schema)
})

describe("the calls", () => {
  it("are those of the protocol", () => {
    assert.deepEqual(
      [...PluginRpcs.requests.keys()],
      [
        "Handshake",
        "Configure",
        "Lease",
        "Describe",
        "Create",
        "Read",
        "Update",
        "Delete",
        "Status",
        "Recover",
        "Canonicalize",
        "Identify",
        "Watch",
        "StopRetrying",
        "List",
      ],
    )
  })
})
