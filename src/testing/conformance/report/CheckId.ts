/** Which checks there are. What each one looks at is with its code. */

/** The checks of a plugin as a whole, in the order in which they are reported. */
export const pluginCheckIds = [
  "handshake.first",
  "handshake.answer",
  "handshake.cookie",
  "handshake.namespace",
  "handshake.identity",
  "handshake.protocol",
  "handshake.types",
  "handshake.features",
  "handshake.second",
  "handshake.wrongCookie",
  "handshake.newerAgent",
  "handshake.olderAgent",
  "handshake.config",
  "process.noCookie",
  "frames.start",
  "frames.junk",
  "frames.unknownFields",
  "frames.stdout",
  "frames.ping",
  "frames.eof",
  "frames.interrupt",
  "frames.concurrent",
  "calls.unknownCall",
  "calls.unknownType",
  "calls.badPayload",
  "calls.watchUnknown",
  "calls.configure",
  "calls.stopRetrying",
  "process.endOfInput",
  "process.endOfInputInFlight",
  "process.terminate",
  "process.drain",
] as const

/** The checks of one resource type, in the order in which they are reported. */
export const typeCheckIds = [
  "type.schema",
  "type.notStarted",
  "type.create",
  "type.inProgress",
  "type.readBack",
  "type.writeOnly",
  "type.noChange",
  "type.canonical",
  "type.place",
  "type.identity",
  "type.recovered",
  "type.otherOperation",
  "type.repeatedCreate",
  "type.list",
  "type.listPages",
  "type.listToken",
  "type.update",
  "type.createOnly",
  "type.createOnlyUpdate",
  "type.badProperties",
  "type.badTarget",
  "type.delete",
  "type.notFound",
  "type.deleteAgain",
  "type.outOfBand",
  "type.statusLater",
  "type.killed",
  "type.secrets",
] as const

/** A check of a plugin as a whole, such as `handshake.answer`. */
export type PluginCheckId = (typeof pluginCheckIds)[number] | never
/** A check of one resource type, such as `type.create`. */
export type TypeCheckId = (typeof typeCheckIds)[number] | never
/** A check of the kit, such as `handshake.answer` or `type.create`. */
export type CheckId = PluginCheckId | TypeCheckId

export const checkIds: ReadonlyArray<CheckId> = [...pluginCheckIds, ...typeCheckIds]
