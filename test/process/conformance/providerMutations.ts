/** Mistakes in what a plugin owes, most of them where its provider fails. */
import type { Row } from "./Mutation.ts"

export const providerMutations: ReadonlyArray<Row> = [
  [["calls.refusal"], "reports a refusal as an error of the call", ["type.terminal"]],
  [
    ["duties.retries"],
    "gives up at the first failure",
    ["type.retries", "type.configured", "type.failedPolls", "type.canceled"],
  ],
  [
    ["duties.retries"],
    "retries once too often",
    ["type.retries", "type.configured", "type.failedPolls", "type.canceled"],
  ],
  [[], "reports no failure that it retries", ["type.retries", "type.canceled"]],
  [[], "retries at once", ["type.backoff"]],
  [[], "waits the same before each retry", ["type.backoff"]],
  [["duties.rateLimit"], "ignores its rate limit", ["type.rateLimit"]],
  [["duties.terminal"], "retries what does not pass", ["type.terminal"]],
  [["duties.polls"], "polls only once", ["type.create", "type.inProgress", "type.statusLater", "type.killed"]],
  [[], "fails what a failed poll says", ["type.failedPolls"]],
  [["duties.statusOnly"], "creates again when a poll failed", ["type.failedPolls"]],
  [["duties.timeout"], "waits for its provider for ever", ["type.callTimeout"]],
  [
    ["duties.repeatedCreate"],
    "creates a second resource for a repeated create",
    ["type.recovered", "type.repeatedCreate", "type.killed"],
  ],
  [[], "has the idempotency none", []],
  [["duties.none"], "sends a create again that may have been done", ["type.onlyOnce"]],
  [["duties.noState"], "caches what it has read", ["type.outOfBand"]],
  [["duties.noState"], "remembers only in memory what it created", ["type.killed"]],
  [["duties.mistakes"], "crashes on a mistake", ["type.badProperties"]],
  [["duties.secrets"], "logs its secrets", ["type.secrets"]],
  [["duties.secrets"], "quotes a secret in an error", ["type.secrets"]],
]
