/** The checks of the kit: what each one looks at, where PROTOCOL.md says so, and what to do where it fails. */

export interface CheckDescription {
  readonly title: string
  /** The heading in PROTOCOL.md. */
  readonly section: string
  readonly remedy: string
}

const process = "2. The process"
const frames = "3. Frames"
const handshake = "4. The handshake"
const calls = "5. The calls"
const owes = "6. What the plugin owes"

const describe = (section: string, title: string, remedy: string): CheckDescription => ({ section, title, remedy })

/** Of a plugin as a whole, in the order in which they are reported. */
export const pluginChecks = {
  "handshake.first": describe(
    handshake,
    "refuses any other call before the handshake",
    "Fail each call before the handshake with ProtocolError.",
  ),
  "handshake.answer": describe(
    handshake,
    "answers the handshake",
    "Answer Handshake with a Success that has all fields of the example in this section.",
  ),
  "handshake.cookie": describe(
    handshake,
    "returns the cookie of the launch",
    "Return the value of FORMAE_NETWORK_COOKIE as `cookie`.",
  ),
  "handshake.namespace": describe(
    handshake,
    "serves the namespace of its manifest",
    "Say the same namespace in the handshake as in formae-plugin.json.",
  ),
  "handshake.identity": describe(
    handshake,
    "has the name, version and node of its manifest",
    "Say the same name and version as formae-plugin.json, and FORMAE_PLUGIN_NODE as `node`.",
  ),
  "handshake.protocol": describe(
    handshake,
    "chooses the highest protocol that both speak",
    "Answer with the highest version that is in both ranges, as the manifest has yours.",
  ),
  "handshake.types": describe(
    handshake,
    "describes its resource types",
    "Give each type once, in the plugin's own namespace, with traits for the properties of its schema, and of outputs.",
  ),
  "handshake.second": describe(
    handshake,
    "refuses a second handshake",
    "Answer a handshake after the first successful one with HandshakeRefused.",
  ),
  "handshake.wrongCookie": describe(
    handshake,
    "refuses a wrong cookie",
    "Compare the cookie of the request with FORMAE_NETWORK_COOKIE, and answer HandshakeRefused where they differ.",
  ),
  "handshake.newerAgent": describe(
    handshake,
    "refuses an agent that is too new, and says to upgrade the plugin",
    "Answer HandshakeRefused with a sentence that ends in `upgrade the plugin` where the agent's range is above yours.",
  ),
  "handshake.olderAgent": describe(
    handshake,
    "refuses an agent that is too old, and says to upgrade the agent",
    "Answer HandshakeRefused with a sentence that ends in `upgrade the agent` where the agent's range is below yours.",
  ),
  "handshake.config": describe(
    handshake,
    "accepts settings, or refuses them by name and without their values",
    "Answer HandshakeRefused with a message such as `endpoint: is missing`; a value may be a secret.",
  ),
  "process.noCookie": describe(
    process,
    "says on stderr that it is started by an agent, and exits with 64",
    "Where FORMAE_NETWORK_COOKIE is not set, write one line to stderr and exit with code 64.",
  ),
  "frames.start": describe(
    frames,
    "accepts a byte order mark, and lines that end in CR LF",
    "Skip U+FEFF at the start of stdin, and a carriage return at the end of a line.",
  ),
  "frames.junk": describe(
    frames,
    "ignores lines that are no frames",
    "Read on after a line on stdin that is empty, no JSON object, or of no known `_tag`.",
  ),
  "frames.unknownFields": describe(
    frames,
    "ignores fields that it does not know",
    "Read the fields that you know from a frame and from a payload, and leave the others alone.",
  ),
  "frames.stdout": describe(
    frames,
    "writes nothing but frames to stdout, and one answer to each call",
    "Write logs to stderr, and answer a call once. What else is on stdout harms nothing, and is logged as a warning.",
  ),
  "frames.ping": describe(
    frames,
    "answers Ping while calls are outstanding",
    "Answer Ping with Pong from the event loop; never block it, and never answer calls one after the other.",
  ),
  "frames.eof": describe(
    frames,
    "goes on after Eof",
    "Take Eof for nothing: what ends the plugin is the end of its stdin.",
  ),
  "frames.interrupt": describe(
    frames,
    "stops the call that is interrupted, and no other",
    "On Interrupt, stop that call and answer it with an Exit whose cause is Interrupt.",
  ),
  "frames.concurrent": describe(
    frames,
    "answers 64 calls that are made at once",
    "Accept 64 calls at a time, and answer each of them with one Exit that has its own request id.",
  ),
  "calls.unknownCall": describe(
    frames,
    "says of an unknown call that it does not have it",
    "Answer a tag that you do not know with a Die whose text is `Unknown request tag: TAG`.",
  ),
  "calls.unknownType": describe(
    calls,
    "says of an unknown resource type that it is not supported",
    "Fail the call with OperationNotSupported and a message that names the type.",
  ),
  "calls.badPayload": describe(
    frames,
    "answers a payload that it can not read, and goes on",
    "Answer it with a Die, a ProtocolError or Failed, and take the next call as if nothing had been.",
  ),
  "calls.watchUnknown": describe(
    calls,
    "fails a Watch of an operation that it does not know",
    "Fail Watch with ProtocolError where no operation of that id is under way.",
  ),
  "calls.configure": describe(
    calls,
    "takes new settings",
    "Answer Configure with null, and use the settings from the next operation on.",
  ),
  "process.endOfInput": describe(
    process,
    "exits with 0 within 1 s of the end of its stdin",
    "When stdin ends, exit with code 0 at once. A timer or a socket that is open must not hold the process.",
  ),
  "process.endOfInputInFlight": describe(
    process,
    "exits with 0 within 1 s also with a call in flight",
    "When stdin ends, give calls in flight less than a second, and exit with code 0 whatever they do.",
  ),
  "process.terminate": describe(
    process,
    "ends on SIGTERM",
    "Do not ignore SIGTERM: 5 s after it the agent sends SIGKILL, and then nothing can be put in order.",
  ),
  "process.drain": describe(
    process,
    "answers what is in flight when it is drained, and leaves without a signal",
    "Go on with calls in flight until stdin ends, and exit then.",
  ),
} as const satisfies Record<string, CheckDescription>

/** Of one resource type, in the order in which they are reported. */
export const typeChecks = {
  "type.schema": describe(
    handshake,
    "allows the sample by its own schema",
    "Make `schema` and `targetSchema` of the handshake allow what the handlers accept.",
  ),
  "type.notStarted": describe(
    calls,
    "says NotStarted of a create that was never sent",
    "Answer Recover with NotStarted only where this operation has made nothing, and ask the provider for it.",
  ),
  "type.create": describe(
    calls,
    "creates the resource",
    "Answer Create with progress that ends in Succeeded, with the native id and the properties.",
  ),
  "type.inProgress": describe(
    calls,
    "answers InProgress with a request id while the provider works, and is watched to the end",
    "Answer InProgress with a `requestId` as soon as the provider has accepted the work, and the rest by Watch.",
  ),
  "type.readBack": describe(
    calls,
    "reads back what was created",
    "Return in Read the properties that were given, as they were given, and nothing that the type does not declare.",
  ),
  "type.writeOnly": describe(
    handshake,
    "never returns a write-only property by a read",
    "Leave write-only properties out of the answer of Read, or declare them otherwise.",
  ),
  "type.noChange": describe(
    handshake,
    "needs no change when it is planned again",
    "Return properties in the form in which they were asked for; declare `unordered` where order says nothing.",
  ),
  "type.recovered": describe(
    calls,
    "says of a create that was done that it is done",
    "Answer Recover with Done, or with InProgress that ends in Succeeded, where this operation has made the resource.",
  ),
  "type.otherOperation": describe(
    calls,
    "says NotStarted to another operation that wants the same resource",
    "Tell by the operation id (a tag, a token) which operation has made a resource, and not by its name alone.",
  ),
  "type.repeatedCreate": describe(
    owes,
    "makes one resource of a create that is sent twice",
    "Let the operation id, or the name, decide: the second answer is about the resource that the first one made.",
  ),
  "type.list": describe(calls, "lists it", "Return its native id in List, as Create returned it."),
  "type.listPages": describe(
    calls,
    "lists it page by page, with a page size of 1, to the end",
    "Return no more than `pageSize` native ids, a new token while there are more, and none with the last page.",
  ),
  "type.listToken": describe(
    calls,
    "refuses a page token that it does not know",
    "Fail List with ListFailed and the code InvalidRequest.",
  ),
  "type.update": describe(
    calls,
    "updates it in place, under the same native id",
    "Change what the patch changes, keep the native id, and return the new properties from Update and from Read.",
  ),
  "type.createOnly": describe(
    handshake,
    "declares what can only be set at create",
    "Set `createOnly` in the traits of each property that takes another resource when it changes.",
  ),
  "type.createOnlyUpdate": describe(
    calls,
    "refuses an update of what can only be set at create",
    "Answer Failed with NotUpdatable; the agent does not ask for it, because it replaces the resource.",
  ),
  "type.badProperties": describe(
    handshake,
    "refuses properties that do not fit its schema",
    "Check the properties in the plugin, and answer Failed with InvalidRequest.",
  ),
  "type.badTarget": describe(
    handshake,
    "refuses a target config that does not fit its schema",
    "Check the target config in the plugin, and answer Failed with InvalidRequest.",
  ),
  "type.delete": describe(calls, "deletes it", "Answer Delete with progress that ends in Succeeded."),
  "type.notFound": describe(
    calls,
    "says NotFound when what was deleted is read",
    "Answer Read with Failed and the code NotFound where the resource is missing.",
  ),
  "type.deleteAgain": describe(
    calls,
    "succeeds when what was deleted is deleted again",
    "Answer Delete of a missing resource with Succeeded and empty properties.",
  ),
  "type.outOfBand": describe(
    owes,
    "sees that something else has deleted it",
    "Ask the provider at each Read; keep nothing between calls.",
  ),
  "type.statusLater": describe(
    calls,
    "goes on in a later launch, by the request id alone",
    "Put all that Status needs into the request id.",
  ),
  "type.killed": describe(
    owes,
    "has made one resource when it was killed in mid-create and the create is sent again",
    "Let the provider know the operation id with the create, so that a later launch finds what was made.",
  ),
  "type.secrets": describe(
    owes,
    "keeps secret properties out of its log, its errors and its answers",
    "Name a property in a message, never its value; leave what is write-only out of the answers.",
  ),
} as const satisfies Record<string, CheckDescription>

export const allChecks = { ...pluginChecks, ...typeChecks }

export type PluginCheckId = keyof typeof pluginChecks
export type TypeCheckId = keyof typeof typeChecks
export type CheckId = keyof typeof allChecks
