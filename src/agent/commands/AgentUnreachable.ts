/** Why an agent in another process does not answer. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/**
 * Why it does not answer.
 *
 * - `NotRunning`: nobody listens there.
 * - `NoAnswer`: somebody listens there, and has said nothing: its process hangs,
 *   or was stopped.
 * - `Lost`: it has answered before, and did not come back within the time that
 *   was waited for it.
 * - `OtherVersion`: it speaks another version of the API.
 * - `RequestUnknown`: it does not know something that this side asks of it, and
 *   has done nothing.
 * - `Refused`: it does not let this caller in, or does not take the request.
 * - `NotTrusted`: its certificate is not believed, or it does not speak TLS, so
 *   that nothing was sent.
 * - `NotUnderstood`: its answer is not one of this API.
 */
export const UnreachableReason = Schema.TaggedUnion({
  NotRunning: {
    /** What the system says: its code, such as `ECONNREFUSED`. Left out where it says nothing. */
    code: Schema.optionalKey(Schema.String),
  },
  NoAnswer: {
    /** How long was waited, in milliseconds. */
    waitedMillis: Schema.Finite,
  },
  Lost: {
    /** How long was waited, in milliseconds. */
    waitedMillis: Schema.Finite,
  },
  OtherVersion: {
    /** The version of formae that the agent is. */
    agentVersion: Schema.String,
    /** The versions of the API that it speaks, the oldest and the newest. */
    api: Schema.Struct({ min: Schema.Int, max: Schema.Int }),
    /** The version of the API that this side speaks. */
    wanted: Schema.Int,
  },
  RequestUnknown: {
    /** The version of formae that the agent is. */
    agentVersion: Schema.String,
    /** The names of the fields that it does not know. */
    fields: Schema.Array(Schema.String),
  },
  Refused: {
    /** Why, in the words of the agent. */
    message: Schema.String,
  },
  NotTrusted: {
    /** Why, in words. */
    message: Schema.String,
    /**
     * Why, as data: nobody who is trusted here has signed the certificate; it is
     * over; it does not count yet; it is for other names; there is no TLS; or
     * what Node says of it.
     */
    fault: Schema.Literals(["UnknownSigner", "Expired", "NotYetValid", "OtherName", "NoTls", "Other"]),
  },
  NotUnderstood: {},
})
export type UnreachableReason = typeof UnreachableReason.Type | never

/** The agent that the command was meant for does not answer. A command that it has begun goes on without its caller. */
export class AgentUnreachable extends Schema.TaggedError<AgentUnreachable>("formae/agent/commands/AgentUnreachable")(
  "AgentUnreachable",
  {
    /** The path of its socket, or its URL. */
    agent: Schema.String,
    /** Why, as data. */
    reason: UnreachableReason,
  },
) {
  // Inferred from the schema, the type would be written out instead of named.
  /** Why, as data. */
  declare readonly reason: UnreachableReason

  override get message(): string {
    return `${this.agent}: ${wordsOf(this.reason)}`
  }
}

const wordsOfSystem: ReadonlyMap<string, string> = new Map([
  ["EACCES", "this user may not connect to it"],
  ["EAI_AGAIN", "its name cannot be looked up now"],
  ["ECONNREFUSED", "the connection was refused"],
  ["ECONNRESET", "the connection was cut off"],
  ["EHOSTUNREACH", "the network has no way to it"],
  ["ENETUNREACH", "the network has no way to it"],
  ["ENOENT", "there is no such socket"],
  ["ENOTFOUND", "no machine of this name is known"],
  ["ETIMEDOUT", "the connection was not made in time"],
])

/** The code stays: it is what people search for. */
const systemWords = (code: string): string => {
  const words = wordsOfSystem.get(code)
  return words === undefined ? code : `${words} (${code})`
}

const wordsOf = (reason: UnreachableReason): string => {
  switch (reason._tag) {
    case "NotRunning":
      return `no agent answers there${reason.code === undefined ? "" : `: ${systemWords(reason.code)}`}`
    case "NoAnswer":
      return `an agent listens there, and has not answered for ${Duration.format(Duration.millis(reason.waitedMillis))}: its process hangs, or was stopped`
    case "Lost":
      return `the agent has not answered for ${Duration.format(Duration.millis(reason.waitedMillis))}. A command that it has begun goes on when it is back, or on another runner of its cluster`
    case "OtherVersion": {
      const { agentVersion, api, wanted } = reason
      const remedy =
        api.max < wanted ? "Upgrade the agent: stop it, and start it with this version" : "Upgrade formae here"
      return `the agent is formae ${agentVersion} and speaks version ${api.min === api.max ? api.max : `${api.min} to ${api.max}`} of the API, and this side speaks version ${wanted}. ${remedy}`
    }
    case "RequestUnknown": {
      const fields = reason.fields.map((name) => `\`${name}\``).join(", ")
      return `the agent is formae ${reason.agentVersion} and does not know ${fields} of this request, so it has done nothing. It is older than this side: upgrade the agent`
    }
    case "Refused":
      return `the agent has refused: ${reason.message}`
    case "NotTrusted":
      return `nothing was sent, because it cannot be trusted: ${reason.message}`
    case "NotUnderstood":
      return "what answers there is not an agent that this version understands"
  }
}
