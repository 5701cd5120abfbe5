/**
 * `Claims` where several agents share one state: the claims are rows, so that
 * the commands of all of them take turns. A claim belongs to the holding under
 * which it was made: where that is taken over, it is free.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { type ClaimSet, covers, nothing } from "../ClaimQueue.ts"
import { type ClaimedResources, type ClaimOptions, Claims } from "../Claims.ts"
import { claimedDocuments } from "./ClaimRows.ts"
import { makeClaimTurns, type Request } from "./ClaimTurns.ts"
import type { Holders } from "./Holders.ts"

/** Over the holdings of a runner. */
export const layerSharedClaims: Layer.Layer<Claims, never, Holders | SqlClient.SqlClient> = Layer.effect(
  Claims,
  Effect.gen(function* () {
    const random = yield* SecureRandom.SecureRandom
    const sql = yield* SqlClient.SqlClient
    const turns = yield* makeClaimTurns

    const claim = Effect.fnUntraced(function* (set: Partial<ClaimSet>, options: ClaimOptions = {}) {
      let documents: Request | undefined
      let resources: Request | undefined
      yield* Effect.addFinalizer(() =>
        Effect.forEach([resources, documents], (one) => (one === undefined ? Effect.void : turns.free(one)), {
          discard: true,
        }),
      )
      const request = (wanted: ClaimSet) => Effect.map(random.uuidV7(), (id): Request => ({ id, set: wanted }))
      documents = yield* request({ ...nothing, documents: set.documents ?? [] })
      yield* turns.enter(documents, options)
      let seen = yield* turns.rows.now
      const cover = Effect.fnUntraced(function* (
        wanted: ClaimedResources,
        stopWhen: Effect.Effect<unknown> = Effect.never,
      ) {
        const whole: ClaimSet = { ...wanted, documents: [] }
        if (resources === undefined || !covers(resources.set, whole)) {
          // Nothing was changed under it.
          if (resources !== undefined) yield* turns.withdraw(resources)
          const either = Effect.raceFirst(options.stopWhen ?? Effect.never, stopWhen)
          resources = yield* request(whole)
          const entering = turns.enter(resources, { ...options, stopWhen: either })
          yield* Effect.onError(entering, () => Effect.sync(() => (resources = undefined)))
        }
        const isOutdated = resources !== undefined && (yield* turns.rows.isFreedSince(resources.id, seen))
        seen = yield* turns.rows.now
        return isOutdated
      })
      const { identities = [], names = [] } = set
      if (identities.length > 0 || names.length > 0) yield* cover({ identities, names })
      return { cover }
    })

    return Claims.of({
      claim,
      documents: Effect.map(sql`SELECT documents FROM claims WHERE granted = 1`.values, (found) => {
        const all = found.map(([text]) => Option.getOrElse(decodeDocuments(text), () => []))
        return all.includes("all") ? "all" : new Set(all.flat())
      }),
      isClaimed: (identity) =>
        Effect.map(
          sql`
            SELECT 1 FROM claim_keys JOIN claims ON claims.ticket = claim_keys.ticket
            WHERE kind = 'identity' AND claimed = ${identity} AND granted = 1 LIMIT 1`,
          (found) => found.length > 0,
        ),
    })
  }),
).pipe(Layer.provide(SecureRandom.layerWebCrypto))

const decodeDocuments = Schema.decodeUnknownOption(claimedDocuments)
