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
import { claimInSteps } from "../claimInSteps.ts"
import { Claims } from "../Claims.ts"
import { claimKey } from "./claimKey.ts"
import { claimedDocuments } from "./ClaimRows.ts"
import { makeClaimTurns, type Request } from "./ClaimTurns.ts"
import { Holders } from "./Holders.ts"

/** Over the holdings of a runner. */
export const layerSharedClaims: Layer.Layer<Claims, never, Holders | SqlClient.SqlClient> = Layer.effect(
  Claims,
  Effect.gen(function* () {
    const random = yield* SecureRandom.SecureRandom
    const sql = yield* SqlClient.SqlClient
    const turns = yield* makeClaimTurns
    const { runner } = yield* Holders

    return Claims.of({
      claim: claimInSteps<Request>({
        enter: Effect.fnUntraced(function* (set, options, isMade) {
          const request = { id: yield* random.uuidV7(), set }
          isMade(request)
          yield* turns.enter(request, options)
        }),
        free: turns.free,
        withdraw: turns.withdraw,
        now: turns.rows.now,
        isFreedSince: ({ id }, moment) => turns.rows.isFreedSince(id, moment),
      }),
      documents: Effect.map(sql`SELECT documents FROM claims WHERE granted = 1`.values, (found) => {
        const all = found.map(([text]) => Option.getOrElse(decodeDocuments(text), () => []))
        return all.includes("all") ? "all" : new Set(all.flat())
      }),
      isClaimed: (identity) =>
        Effect.map(
          sql`
            SELECT 1 FROM claim_keys JOIN claims ON claims.ticket = claim_keys.ticket
            WHERE kind = 'identity' AND claimed = ${claimKey(identity)} AND granted = 1 LIMIT 1`,
          (found) => found.length > 0,
        ),
      waitingElsewhere: Effect.flatMap(
        sql`
          SELECT command_id AS "commandId", command, forma, since FROM claims
          WHERE granted = 0 AND runner <> ${runner} AND command_id IS NOT NULL ORDER BY ticket`,
        (found) => Effect.orDie(decodeWaiting(found)),
      ),
    })
  }),
).pipe(Layer.provide(SecureRandom.layerWebCrypto))

const decodeWaiting = Schema.decodeUnknownEffect(
  Schema.Array(
    Schema.Struct({
      commandId: Schema.String,
      command: Schema.String,
      forma: Schema.String,
      since: Schema.Finite,
    }),
  ),
)

const decodeDocuments = Schema.decodeUnknownOption(claimedDocuments)
