/** The key of a state on Postgres that the environment has. */
import * as Base64 from "effect/encoding/Base64"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { HostEnvironment, Store } from "../../agent/index.ts"
import { keyFileVariable, keyVariable } from "../stateFiles.ts"

const keyBytes = 32

/** Undefined where it has none. */
export const givenKey = Effect.gen(function* () {
  const text = (yield* HostEnvironment)[keyVariable]
  if (text === undefined || text === "") return undefined
  const bytes = Base64.decode(text.trim())
  if (Result.isSuccess(bytes) && bytes.success.length === keyBytes) return Redacted.make(bytes.success)
  return yield* new Store.FileRefused({
    condition: "ForeignKey",
    reason: `${keyVariable} is not a key, which is ${keyBytes} bytes in Base64`,
    remedy: `Make one with: head -c ${keyBytes} /dev/urandom | base64. Or name a file with ${keyFileVariable}`,
  })
})
