/**
 * The log of a runner. While its database is away, its engine logs each of its
 * tries, with a stack trace, twice a second. A person needs one line when the
 * database is lost, one now and then, and one when it is back.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Predicate from "effect/Predicate"
import * as References from "effect/References"
import { isSqlError } from "effect/sql/SqlError"
import { troubleOfPostgres } from "../agent/store/postgres/PostgresTrouble.ts"
import { isServerAway } from "../agent/store/serverAway.ts"

/** How long nothing is said again of the same. */
const againMillis = 30_000

/** A trouble that is over before is none for a person. Where the lease is not renewed either, the loss of the database is told before. */
const patienceMillis = 10_000

/** What is no failure of the task, because its database is away: the loss itself is told once. */
export const logWaiting = (line: string, error: { readonly message: string }): Effect.Effect<void> => {
  const log = isServerAway(error) ? Effect.logDebug : Effect.logWarning
  return log(`${line}: ${error.message}`)
}

/** A line for a person in the place of a record. */
interface Said {
  readonly level: "Info" | "Warn"
  readonly line: string
}

type LogRecord = Pick<Logger.Options<unknown>, "cause" | "logLevel" | "message"> & {
  readonly annotations: Readonly<Record<string, unknown>>
  readonly at: number
}

/** What is said in the place of a record: the record itself, a line, or nothing. */
type Decision = "Record" | "Nothing" | Said

/** What it says of its leases has no annotation. */
const ofLeases = "Shard lock storage "

const isOfEngine = (what: string, { module, package: of }: LogRecord["annotations"]): boolean =>
  what.startsWith(ofLeases) ||
  of === "@effect/cluster" ||
  (typeof module === "string" && (module.startsWith("effect/cluster/") || module === "EntityManager"))

/** An error, and what it came from. */
const chainOf = (error: unknown): ReadonlyArray<unknown> =>
  Predicate.hasProperty(error, "cause") ? [error, ...chainOf(error.cause)] : [error]

const errorsOf = (cause: Cause.Cause<unknown>): ReadonlyArray<unknown> =>
  cause.reasons.flatMap((reason) =>
    Cause.isFailReason(reason) ? chainOf(reason.error) : Cause.isDieReason(reason) ? chainOf(reason.defect) : [],
  )

const tooLate = "it does not answer in time"

/** What the database said. Undefined where the errors are of something else. */
const databaseSays = (errors: ReadonlyArray<unknown>): string | undefined => {
  const error = errors.find(isSqlError)
  if (error !== undefined) return troubleOfPostgres(error)?.reason ?? error.message
  return errors.some(Cause.isTimeoutError) ? tooLate : undefined
}

const seconds = (millis: number): string => `${Math.round(millis / 1_000)} s`

/** Decides about one record after the other of the runner whose state is at `server`. */
const makeRunnerLog = (server: string): ((record: LogRecord) => Decision) => {
  let lostAt: number | undefined
  let lostToldAt = -Infinity
  /** When each kind of trouble began, was last met and last told. */
  const troubles = new Map<string, { readonly since: number; readonly last: number; readonly toldAt: number }>()

  /** A lease that is not renewed in time does not say why: what was refused just before does. */
  let refused: { readonly at: number; readonly says: string } | undefined
  const reasonOf = (at: number, errors: ReadonlyArray<unknown>): string | undefined => {
    const says = databaseSays(errors)
    if (errors.some(isSqlError) && says !== undefined) refused = { at, says }
    return says === tooLate && refused !== undefined && at - refused.at < patienceMillis ? refused.says : says
  }

  const lost = (at: number, says: string): Decision => {
    if (at - lostToldAt < againMillis && lostAt !== undefined) return "Nothing"
    lostToldAt = at
    if (lostAt !== undefined) {
      return { level: "Warn", line: `The database is still away, for ${seconds(at - lostAt)} now: ${says}` }
    }
    lostAt = at
    const meanwhile = "This runner has stopped what it had, and tries again until the database is back"
    return { level: "Warn", line: `The database ${server} is lost: ${says}. ${meanwhile}` }
  }

  const back = (at: number): Decision => {
    const wasLostAt = lostAt ?? at
    lostAt = undefined
    troubles.clear()
    return {
      level: "Info",
      line: `The database is back after ${seconds(at - wasLostAt)}. This runner takes part again`,
    }
  }

  /** What goes on for long is told now and then. */
  const limited = (at: number, line: string, patience: number): Decision => {
    const known = troubles.get(line)
    const before = known !== undefined && at - known.last < againMillis ? known : { since: at, toldAt: -Infinity }
    const isTold = at - before.since >= patience && at - before.toldAt >= againMillis
    troubles.set(line, { since: before.since, last: at, toldAt: isTold ? at : before.toldAt })
    return isTold ? { level: "Warn", line } : "Nothing"
  }

  return ({ annotations, at, cause, logLevel, message }) => {
    const errors = errorsOf(cause)
    const what = String(Array.isArray(message) ? message[0] : message)
    if (!isOfEngine(what, annotations)) {
      // It is the loss of the database again, which the engine tells.
      return errors.some(isServerAway) ? "Nothing" : "Record"
    }
    const says = reasonOf(at, errors)
    if (what === `${ofLeases}is unhealthy` || what === `${ofLeases}is still unhealthy`) {
      return lost(at, says ?? Cause.pretty(cause).split("\n")[0] ?? "")
    }
    if (what === `${ofLeases}has recovered`) return back(at)
    if (LogLevel.isLessThan(logLevel, "Warn")) return "Nothing"
    if (says !== undefined) {
      return lostAt === undefined
        ? limited(at, `The cluster waits for the database: ${says}`, patienceMillis)
        : "Nothing"
    }
    if (what.startsWith("Forced shard release is still pending")) {
      if (lostAt !== undefined) return "Nothing"
      return limited(at, "This runner waits for commands to stop before it takes part again", 0)
    }
    return "Record"
  }
}

/** In the place of the loggers around it: they get what a person needs, and at level Debug each record too. */
export const layerRunnerLog = (server: string): Layer.Layer<never> =>
  Layer.effect(
    Logger.CurrentLoggers,
    Effect.map(Effect.service(Logger.CurrentLoggers), (loggers) => {
      const decide = makeRunnerLog(server)
      const give = (record: Logger.Options<unknown>) => {
        for (const logger of loggers) logger.log(record)
      }
      const logger = Logger.make<unknown, void>((record) => {
        const annotations = record.fiber.getRef(References.CurrentLogAnnotations)
        const decision = decide({ ...record, annotations, at: record.date.getTime() })
        if (decision === "Record") return give(record)
        if (LogLevel.isLessThanOrEqualTo(record.fiber.getRef(References.MinimumLogLevel), "Debug")) {
          give({ ...record, logLevel: "Debug" })
        }
        if (decision !== "Nothing") {
          give({ ...record, cause: Cause.empty, logLevel: decision.level, message: decision.line })
        }
      })
      return new Set([logger])
    }),
  )
