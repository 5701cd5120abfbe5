import * as Effect from "effect/Effect"
import { Vault, VaultUnavailable } from "../agent/store/Vault.ts"

const encoder = new TextEncoder()

/**
 * A vault for a state in memory. It keeps what it locks to itself and gives out
 * a number for it, so that it needs no cryptography and answers at once.
 * WebCrypto answers when a thread has the time.
 */
export const makeTestVault = (): Vault["Service"] => {
  const locked = new Map<string, string>()
  const macs = new Map<string, Uint8Array>()
  const macOf = (salt: Uint8Array, bytes: Uint8Array): Uint8Array => {
    const name = `${salt.join()} ${bytes.join()}`
    const known = macs.get(name)
    if (known !== undefined) return known
    const fresh = encoder.encode(`mac ${macs.size + 1}`)
    macs.set(name, fresh)
    return fresh
  }
  const open = (name: string) =>
    Effect.mapError(
      Effect.fromNullishOr(locked.get(name)),
      () => new VaultUnavailable({ reason: `nothing was locked here as "${name}"` }),
    )
  return Vault.of({
    lock: (text) =>
      Effect.sync(() => {
        const name = `locked ${locked.size + 1}`
        locked.set(name, text)
        return name
      }),
    open,
    openNewest: open,
    mac: (salt, bytes) => Effect.sync(() => macOf(salt, bytes)),
    fits: (mac, salt, bytes) => Effect.sync(() => mac.join() === macOf(salt, bytes).join()),
  })
}
