/** What Node says of its inspector on stderr, between the lines of the plugin. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"

/** The line in which Node says where its inspector listens. */
export const inspectorAddress = (line: string): string | undefined =>
  /^Debugger listening on (ws:\/\/(?:127\.0\.0\.1|\[::1\]|localhost):\S+)$/.exec(line)?.[1]

/** The line in which Node says that a debugger has come. */
const isDebuggerAttached = (line: string): boolean => line === "Debugger attached."

/** What Node says of its inspector. It is not the plugin that says it. */
export const isInspectorNotice = (line: string): boolean =>
  isDebuggerAttached(line) ||
  inspectorAddress(line) !== undefined ||
  // The page has moved between versions of Node.
  /^For help, see: https:\/\/nodejs\.org\/\S+$/.test(line) ||
  line === "Waiting for the debugger to disconnect..."

export interface InspectorNotices {
  /** Reads a line. Whether it is Node's own, and not the plugin's. */
  readonly read: (line: string) => boolean
  /** Where the inspector listens, once Node has said so. */
  readonly address: Effect.Effect<string>
  readonly isDebugged: () => boolean
}

export const makeInspectorNotices = (): InspectorNotices => {
  const address = Deferred.makeUnsafe<string>()
  let debugged = false
  return {
    read: (line) => {
      const found = inspectorAddress(line)
      if (found !== undefined) Deferred.doneUnsafe(address, Effect.succeed(found))
      // Only of an inspector that has told its address: the words alone anybody can print.
      if (isDebuggerAttached(line) && Deferred.isDoneUnsafe(address)) debugged = true
      return isInspectorNotice(line)
    },
    address: Deferred.await(address),
    isDebugged: () => debugged,
  }
}
