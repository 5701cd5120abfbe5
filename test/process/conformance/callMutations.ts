/** Mistakes in calls and in the progress of operations. */
import type { Row } from "./Mutation.ts"

export const callMutations: ReadonlyArray<Row> = [
  [["calls.unknownType"], "accepts any resource type", ["calls.unknownType"]],
  [[], "crashes on an invalid payload", ["calls.badPayload"]],
  [["calls.configure"], "does not know Configure", ["calls.configure", "type.configured"]],
  [["calls.configure"], "ignores Configure", ["type.configured"]],
  [[], "fails to stop what is not under way", ["calls.stopRetrying"]],
  [[], "ends what it should only try no more", ["calls.stopRetrying"]],
  [["calls.lease"], "acts when its lease is over", ["calls.lease"]],
  [["calls.leaseTerm"], "takes what was sent in another term", ["calls.lease"]],
  [["calls.leaseTime"], "counts its lease from when it was read", ["calls.lease"]],
  [["calls.leaseUnderWay"], "goes on with a create when its lease is over", ["calls.lease"]],

  [["calls.attempts"], "begins to count at 0", ["type.attempts"]],
  [["calls.attempts"], "counts polls as tries", ["type.attempts", "type.failedPolls"]],
  [["calls.attemptsOfStatus"], "counts a try in a Status", ["type.statusAttempts"]],
  [
    ["calls.watchToEnd"],
    "ends a Watch before the operation",
    ["type.create", "type.inProgress", "type.killed", "type.retries", "type.configured", "type.failedPolls"],
  ],
  [
    ["calls.watchToEnd", "duties.polls"],
    "forgets to end the work that it polls",
    ["type.create", "type.inProgress", "type.killed", "type.retries", "type.configured", "type.failedPolls"],
  ],
  [["calls.watchNews"], "reports in a Watch what it has reported", ["type.watch"]],
  [["calls.watchUnknown"], "watches an unknown operation", ["frames.interruptOwn", "calls.watchUnknown"]],
  [
    ["calls.sentAgain", "duties.repeatedCreate"],
    "makes a second thing when a create in progress is sent again",
    ["type.repeatedInProgress"],
  ],
  [
    ["calls.sentAgain"],
    "answers a create in progress that is sent again with another request",
    ["type.repeatedInProgress"],
  ],
  [
    ["calls.sentTwice", "duties.repeatedCreate"],
    "makes a second thing when a create is sent twice at once",
    ["type.twiceInFlight"],
  ],
  [["calls.sentTwice"], "carries out the same operation twice at once", ["calls.sameOperation"]],
  [["calls.cancel"], "goes on with an operation whose Watch was interrupted", ["type.canceled"]],
  [[], "has no request id", ["type.inProgress", "type.repeatedInProgress"]],

  [["calls.requestId"], "keeps its work in memory", ["type.statusLater"]],
  [["calls.workGone"], "cannot say what became of work whose resource is gone", ["type.workGone"]],
  [["calls.recoverChangesNothing"], "creates what it is only asked about", ["type.notStarted"]],
  [["calls.notStarted"], "says NotStarted about a resource that it created", ["type.recovered", "type.killed"]],
  [[], "cannot tell that a create was never sent", ["type.notStarted"]],
  [["calls.done"], "claims a resource that only has the same name", ["type.otherOperation"]],
]
