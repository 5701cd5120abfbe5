/** An agent at an address: it says where it listens, and reads its certificate again when it is told to. */
import * as Effect from "effect/Effect"
import type { EventRecorder } from "../../agent/index.ts"
import { listenTcp, type Renewed, type ServeTcpOptions } from "../../control/index.ts"
import { formatTime } from "../../protocol/formatTime.ts"
import { badInput } from "../CommandFailure.ts"
import { addressText } from "./listenAddress.ts"
import type { ListenSettings } from "./listenSettings.ts"
import { readTls } from "./tlsFiles.ts"

/** Until when it counts, and which one it is: a certificate that is renewed has another number. */
const nameOf = ({ serialNumber, validTo }: Renewed["from"]): string =>
  `number ${serialNumber}, valid until ${formatTime(Date.parse(validTo))}`

/** Listens there until the scope closes. `renew` reads the certificate again; where that cannot be used, the one before stays. */
export const listenAtAddress = Effect.fnUntraced(function* (
  address: ServeTcpOptions & { readonly callers: ReadonlyArray<string> },
  given: ListenSettings,
  { record }: Pick<EventRecorder["Service"], "record">,
) {
  const served = yield* Effect.mapError(listenTcp(address), ({ _tag, message }) =>
    badInput(_tag, `${given.address?.place}: ${message}. Free this address, or give another one`),
  )
  const url = addressText({ ...address, port: served.port })
  yield* Effect.logInfo(
    `It listens at ${url} too, to callers with a token. Those are known now: ${address.callers.join(", ")}`,
  )
  const renew = (by: string) =>
    Effect.gen(function* () {
      const tls = yield* readTls(given)
      if (tls === undefined) return
      const renewed = yield* served.renew(tls)
      const [from, to] = [nameOf(renewed.from), nameOf(renewed.to)]
      if (renewed.from.fingerprint256 === renewed.to.fingerprint256) return
      yield* Effect.logInfo(`New callers at ${url} see another certificate (${by}): ${from} -> ${to}`)
      yield* record({ event: { _tag: "Configuration", what: "agent.listen.certificate", from, to, by } })
    }).pipe(
      Effect.catch(({ message }) =>
        Effect.logWarning(
          `The certificate was read again (${by}) and is not used. The one before stays: ${message}. Once that is mended, send SIGHUP to this process`,
        ),
      ),
    )
  return { url, renew }
})
